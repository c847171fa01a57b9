namespace MtlHybrid.Strategies;

/// <summary>An option of a strategy that text can set, as "beta=0.5".</summary>
/// <param name="Name">In lower case with hyphens: "beta", "head-scaling".</param>
/// <param name="Expected">What values are written like: "a finite number", "one of none, l2, loss".</param>
/// <param name="Value">The value it has now, as text that sets it.</param>
/// <param name="IsOwn">Whether the option belongs to this strategy alone; false for what all strategies of its kind have.</param>
public sealed record AssignableOption(string Name, string Expected, string Value, bool IsOwn);
