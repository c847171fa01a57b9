namespace MtlHybrid.Experiments.Toy;

/// <summary>
/// The two-task problem of the gradient papers (B. Liu et al. 2021, CAGrad; the first loss multiplied by 0.1 in Navon et al. 2022,
/// Nash-MTL), over x = (x1, x2). Above x2 = 0 each loss is a logarithmic valley with steep walls, below it a wide bowl. The bowls
/// hold the lower values; a method gets there only if it comes out of the valleys.
/// </summary>
/// <param name="firstScale">What the first loss is multiplied by, above 0.</param>
internal sealed class ToyProblem(double firstScale)
{
    // The logarithm's argument is kept from 0.
    private const double Lower = 5e-6;

    /// <summary>What the first loss is multiplied by.</summary>
    public double FirstScale => firstScale;

    /// <summary>The losses at a point.</summary>
    /// <param name="x1">Finite.</param>
    /// <param name="x2">Finite.</param>
    /// <param name="losses">[2], written.</param>
    public void Measure(double x1, double x2, Span<double> losses) => Evaluate(x1, x2, losses, stackalloc double[4]);

    /// <summary>The losses and their gradients. Where |.| or max(., .) has a kink the gradient is one of those beside it; at x2 = 0
    /// exactly it is the sum of those above and below, as in public code.</summary>
    /// <param name="x1">Finite.</param>
    /// <param name="x2">Finite.</param>
    /// <param name="losses">[2], written.</param>
    /// <param name="gradients">[2, 2] row by row, written; row = loss, column = coordinate.</param>
    public void Evaluate(double x1, double x2, Span<double> losses, Span<double> gradients)
    {
        double tanh = Math.Tanh(x2), slope = 1 - tanh * tanh;
        Blend(0, x1, x2, 0.5 * (-x1 - 7) + tanh, slope, centre: 7, losses, gradients);
        Blend(1, x1, x2, 0.5 * (-x1 + 3) - tanh + 2, -slope, centre: -7, losses, gradients);
        losses[0] *= firstScale;
        gradients[0] *= firstScale;
        gradients[1] *= firstScale;
    }

    /// <summary>One loss: c1 (ln max(|valley|, L) + 6) + c2 bowl, c1 = max(tanh(x2 / 2), 0), c2 = max(tanh(-x2 / 2), 0).</summary>
    private static void Blend(
        int row, double x1, double x2, double valley, double valleySlope, double centre, Span<double> losses, Span<double> gradients)
    {
        double half = Math.Tanh(0.5 * x2), halfSlope = 0.5 * (1 - half * half);
        (losses[row], gradients[2 * row], gradients[2 * row + 1]) = (0, 0, 0);
        if (x2 >= 0)
        {
            double size = Math.Abs(valley), level = Math.Log(Math.Max(size, Lower)) + 6;
            double inverse = size >= Lower ? 1 / valley : 0;
            losses[row] = half * level;
            gradients[2 * row] = half * inverse * -0.5;
            gradients[2 * row + 1] = half * inverse * valleySlope + halfSlope * level;
        }

        if (x2 <= 0)
        {
            double bowl = ((x1 - centre) * (x1 - centre) + 0.1 * (x2 + 8) * (x2 + 8)) / 10 - 20;
            losses[row] += -half * bowl;
            gradients[2 * row] += -half * 0.2 * (x1 - centre);
            gradients[2 * row + 1] += -half * 0.02 * (x2 + 8) - halfSlope * bowl;
        }
    }
}
