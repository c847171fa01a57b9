using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = (product of l_i)^{1/K}, so w_i = L / (K l_i).</summary>
internal sealed class GeometricLoss : ILossWeighting
{
    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        double logarithms = 0;
        int takingPart = 0;
        foreach (double loss in losses)
        {
            if (!double.IsFinite(loss)) continue;
            logarithms += LossLogarithm.Value(loss);
            takingPart++;
        }

        for (int task = 0; task < losses.Length; task++)
        {
            // Quotients as differences of logarithms: the mean itself may be too small to divide.
            weights[task] = double.IsFinite(losses[task])
                ? Math.Exp(logarithms / takingPart + Math.Log(LossLogarithm.Slope(losses[task]))) / takingPart
                : 0;
        }
    }
}
