namespace MtlHybrid.Strategies.Aggregation;

/// <summary>An aggregator that needs the gradients element by element and still gives one weight per task, d = sum w_i g_i.</summary>
public interface IWeightedMatrixAggregator : IMatrixAggregator
{
    /// <summary>The weights of the last direction, one per row of its Jacobian; empty before the first.</summary>
    IReadOnlyList<double> Weights { get; }
}
