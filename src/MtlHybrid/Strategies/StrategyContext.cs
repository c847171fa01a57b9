using Microsoft.Extensions.Logging;

namespace MtlHybrid.Strategies;

/// <summary>What a strategy is told once, before the first batch.</summary>
/// <param name="TaskNames">Names of the tasks by index.</param>
/// <param name="Seed">Seed of everything random in the strategy.</param>
/// <param name="Logger">Where decisions worth telling go.</param>
public sealed record StrategyContext(IReadOnlyList<string> TaskNames, ulong Seed, ILogger Logger);
