using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One weight for all: the sum of the gradients, or their mean.</summary>
/// <param name="mean">1/n instead of 1.</param>
internal sealed class EqualWeights(bool mean) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        weights.Fill(mean ? 1.0 / weights.Length : 1);
        return null;
    }
}
