using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>The step of an aggregator that needs the gradients of two halves of the batch apart.</summary>
internal sealed class HalfBatchStep(HalfBatchAggregatorOptions options) : ProductStep(options, new GradientRequest() with { Parts = 2 })
{
    private readonly IHalfBatchAggregator _aggregator = options.CreateAggregator();

    protected override string? Weigh(Matrix<double> products, in AggregationInputs inputs, Span<double> weights)
    {
        _aggregator.Weigh(products, inputs, weights);
        return null;
    }
}
