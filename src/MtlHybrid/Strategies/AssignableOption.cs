using System.Text.Json.Nodes;

namespace MtlHybrid.Strategies;

/// <summary>An option of a strategy that text can set, as "beta=0.5".</summary>
/// <param name="Name">In lower case with hyphens: "beta", "head-scaling".</param>
/// <param name="Text">One line for people: what it does, and its range.</param>
/// <param name="Expected">What values are written like: "a finite number", "one of none, l2, loss".</param>
/// <param name="Value">The value it has now, as text that sets it.</param>
/// <param name="Json">The same as config files have it.</param>
/// <param name="IsOwn">Whether the option belongs to this strategy alone; false for what all strategies of its kind have.</param>
public sealed record AssignableOption(string Name, string Text, string Expected, string Value, JsonNode? Json, bool IsOwn)
{
    /// <summary>The words it may take; empty where it is not one of a few words.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
