namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Weights follow the gradient of sum |n_i - t_i|, with n_i = w_i |g_i|, the target t_i = mean(n) r_i^alpha taken as a constant, and
/// r_i = (l_i / l_i0) / mean: tasks that learn slowly get longer gradients. The sum of all K weights stays K.</summary>
/// <param name="alpha">Strength of the pull towards a common pace, finite.</param>
/// <param name="rate">Step on the weights, with gradients measured in units of their mean norm; at least 0.</param>
internal sealed class GradNorm(double alpha, double rate) : INormWeighting
{
    // A step may not turn a weight round.
    private const double SmallestWeight = 1e-3;

    private double[] _weights = []; // [K]
    private double[] _initialLosses = []; // [K]; 0: not seen yet

    public void Weigh(ReadOnlySpan<double> norms, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        if (_weights.Length == 0)
        {
            _weights = new double[inputs.TaskCount];
            Array.Fill(_weights, 1);
            _initialLosses = new double[inputs.TaskCount];
        }

        for (int row = 0; row < n; row++) weights[row] = _weights[inputs.Tasks[row]];
        Span<double> paces = Paces(inputs);
        double meanPace = Mean(paces), meanNorm = Mean(norms), meanWeighted = 0, mass = 0, newMass = 0;
        if (!(meanNorm > 0)) return;
        for (int row = 0; row < n; row++)
        {
            meanWeighted += weights[row] * norms[row] / n;
            mass += weights[row];
        }

        for (int row = 0; row < n; row++)
        {
            double target = meanWeighted * Math.Pow(meanPace > 0 ? paces[row] / meanPace : 1, alpha);
            double slope = Math.Sign((weights[row] * norms[row]) - target) * norms[row] / meanNorm;
            newMass += _weights[inputs.Tasks[row]] = Math.Max(weights[row] - (rate * slope), SmallestWeight);
        }

        // Tasks that take no part keep their weights, and the others together what they had.
        foreach (int task in inputs.Tasks) _weights[task] *= mass / newMass;
    }

    // l_i / l_i0; 1 in a task's first batch.
    private double[] Paces(in AggregationInputs inputs)
    {
        double[] paces = new double[inputs.Tasks.Length];
        for (int row = 0; row < paces.Length; row++)
        {
            ref double initial = ref _initialLosses[inputs.Tasks[row]];
            if (!(initial > 0)) initial = inputs.Losses[row];
            paces[row] = initial > 0 ? Math.Max(inputs.Losses[row], 0) / initial : 1;
        }

        return paces;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value / values.Length;
        return sum;
    }
}
