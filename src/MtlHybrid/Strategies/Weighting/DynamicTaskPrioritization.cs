using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>w_i = -(1 - kappa_i)^gamma log kappa_i, kappa_i the moving average of a key performance indicator in [0, 1].</summary>
/// <param name="decay">a in kappa &lt;- a kappa + (1 - a) indicator; in [0, 1). The first indicator is the first average.</param>
/// <param name="gamma">At least 0.</param>
internal sealed class DynamicTaskPrioritization(double decay, double gamma) : ILossWeighting
{
    private const double Least = 0.1;
    private const double Most = 0.99;
    private IReadOnlyList<LossKind> _losses = [];
    private double[] _averages = [];

    /// <summary>How well a task is done, as far as its loss on a batch tells, in [0, 1].</summary>
    public static double Indicator(LossKind kind, double loss) => Math.Clamp(
        kind switch
        {
            // 1 - loss / variance, the targets having variance 1.
            LossKind.MeanSquare => 1 - loss,
            LossKind.MeanAbsolute => 1 - loss,
            // Half the square, where it is a square.
            LossKind.Huber => 1 - 2 * loss,
            _ => Math.Exp(-loss),
        },
        0,
        1);

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
        _losses = losses;
        _averages = new double[losses.Count];
        Array.Fill(_averages, double.NaN);
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        for (int task = 0; task < losses.Length; task++)
        {
            weights[task] = 0;
            if (!double.IsFinite(losses[task])) continue;
            double indicator = Indicator(_losses[task], losses[task]);
            double average = double.IsNaN(_averages[task]) ? indicator : decay * _averages[task] + (1 - decay) * indicator;
            _averages[task] = average;
            double kappa = Math.Clamp(average, Least, Most);
            weights[task] = -Math.Pow(1 - kappa, gamma) * Math.Log(kappa);
        }
    }
}
