using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Experiments.Toy;

/// <summary>A loss weighting: d = sum w_i g_i.</summary>
internal sealed class WeightedDescent : IDescent
{
    private readonly ILossWeighting _weighting;

    public WeightedDescent(WeightingOptions options, ulong seed)
    {
        _weighting = options.CreateWeighting();
        _weighting.Prepare([LossKind.MeanSquare, LossKind.MeanSquare], seed);
    }

    public void Direct(int step, ReadOnlySpan<double> losses, ReadOnlySpan<double> gradients, Span<double> direction)
    {
        Span<double> weights = stackalloc double[2];
        _weighting.Weigh(new BatchContext(step, ToyAdam.LearningRate, step), losses, weights);
        RowSum.Of(gradients, weights, direction);
    }

    public void AfterStep(ReadOnlySpan<double> losses)
    {
        if (_weighting.MeasuresAfterStep) _weighting.AfterStep(losses);
    }
}
