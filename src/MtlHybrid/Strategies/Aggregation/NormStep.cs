using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>The step of a weighting that needs the norms of the gradients at the last shared layer.</summary>
internal sealed class NormStep(AggregatorOptions options, INormWeighting weighting)
    : ProductStep(options, new GradientRequest(GradientScope.LastLayer))
{
    protected override string? Weigh(Matrix<double> products, in AggregationInputs inputs, Span<double> weights)
    {
        double[] norms = new double[weights.Length];
        for (int i = 0; i < norms.Length; i++) norms[i] = Math.Sqrt(Math.Max(products[i, i], 0));
        weighting.Weigh(norms, inputs, weights);
        return null;
    }
}
