using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = sum of log l_i, so w_i = 1 / l_i: multiplying a loss by a constant changes nothing.</summary>
internal sealed class ScaleInvariant : ILossWeighting
{
    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        for (int task = 0; task < losses.Length; task++)
            weights[task] = double.IsFinite(losses[task]) ? LossLogarithm.Slope(losses[task]) : 0;
    }
}
