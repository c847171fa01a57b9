namespace MtlHybrid.Strategies;

/// <summary>An entry of the list of strategies.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Defaults">Its options at their defaults.</param>
public sealed record StrategyDescription(string Name, string Summary, StrategyOptions Defaults);
