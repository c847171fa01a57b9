namespace MtlHybrid.Strategies;

/// <summary>One line for people about an option of a strategy: what it does and its range, without a full stop. XML documentation is
/// there for compilers only; this is there at run time, for help pages. Every property of every options record has one.</summary>
/// <param name="text">"how far towards the worst task, in [0, 1)".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionTextAttribute(string text) : Attribute
{
    /// <summary>The line.</summary>
    public string Text { get; } = text;
}
