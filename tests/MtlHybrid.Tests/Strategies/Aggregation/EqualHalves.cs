using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>An aggregator of half batches on two halves that agree.</summary>
internal sealed class EqualHalves(IHalfBatchAggregator aggregator) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        Matrix<double> row = gram.Append(gram);
        aggregator.Weigh(row.Stack(row), inputs, weights);
        return null;
    }
}
