using System.Runtime.CompilerServices;

namespace MtlHybrid;

/// <summary>An option is outside its documented range, or options contradict each other.</summary>
public sealed class InvalidOptionException : MtlException
{
    /// <summary>Names the option, what it must be, and what came.</summary>
    /// <param name="option">Name of the option, as in the options record (for example <c>LearningRate</c>).</param>
    /// <param name="expected">What is allowed ("above 0").</param>
    /// <param name="actual">What came.</param>
    public InvalidOptionException(string option, string expected, object? actual)
        : base($"{option} must be {expected}; got {actual ?? "nothing"}")
    {
        Option = option;
    }

    private InvalidOptionException(string option, string message, InvalidOptionException refusal)
        : base(message, refusal)
    {
        Option = option;
    }

    /// <summary>Name of the offending option.</summary>
    public string Option { get; }

    /// <summary>The same refusal under the name by which a person knows the option.</summary>
    /// <param name="name">Takes the place of <see cref="Option"/>, also at the start of the message.</param>
    public InvalidOptionException CalledBy(string name) =>
        new(name, Message.StartsWith(Option, StringComparison.Ordinal) ? name + Message[Option.Length..] : Message, this);

    internal static void Require(bool condition, string option, string expected, object? actual)
    {
        if (!condition) throw new InvalidOptionException(option, expected, actual);
    }

    internal static void RequireAtLeast0(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(double.IsFinite(value) && value >= 0, option, "finite and at least 0", value);

    internal static void RequireAbove0(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(double.IsFinite(value) && value > 0, option, "finite and above 0", value);
}
