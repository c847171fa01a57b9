using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>The step of an aggregator that needs the Gram matrix alone.</summary>
internal sealed class GramStep(GramAggregatorOptions options) : ProductStep(options, new GradientRequest())
{
    private readonly IGramAggregator _aggregator = options.CreateAggregator();

    protected override string? Weigh(Matrix<double> products, in AggregationInputs inputs, Span<double> weights) =>
        _aggregator.Weigh(products, inputs, weights);
}
