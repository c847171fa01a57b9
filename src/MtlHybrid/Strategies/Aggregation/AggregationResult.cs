namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What an aggregator made of one Jacobian.</summary>
/// <param name="Direction">[P] the update direction d, finite.</param>
/// <param name="Weights">[n] w of d = sum w_i g_i; null where the method has no weights.</param>
/// <param name="Remark">Null; or what the weights are when an iteration ended at its bound.</param>
public sealed record AggregationResult(IReadOnlyList<double> Direction, IReadOnlyList<double>? Weights, string? Remark);
