using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = mu log sum exp(lambda_i (t_i - z_i) / mu) with t_i = l_i, or log(l_i / n_i); in the first epochs L = sum of
/// log l_i.</summary>
/// <param name="mu">Above 0.</param>
/// <param name="preferences">[K] lambda; null: 1 for every task.</param>
/// <param name="ideal">z.</param>
/// <param name="warmupEpochs">Number of the first epochs; at least 1 with <paramref name="logRatio"/>.</param>
/// <param name="logRatio">t_i = log(l_i / n_i), n_i being the task's mean loss in the last epoch of the warm-up, or else its first loss
/// after it.</param>
internal sealed class SmoothTchebycheff(
    double mu, IReadOnlyList<double>? preferences, IdealPoint ideal, int warmupEpochs, bool logRatio) : ILossWeighting
{
    private double[] _preferences = [];
    private double[] _warmupMeans = [];
    private long[] _warmupBatches = [];
    private double[] _smallest = [];
    private double[] _terms = [];

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
        int tasks = losses.Count;
        InvalidOptionException.Require(
            preferences is null || preferences.Count == tasks,
            nameof(SmoothTchebycheffOptions.Preferences), $"{tasks} numbers, one per task", preferences?.Count);
        _preferences = [.. preferences ?? Enumerable.Repeat(1.0, tasks)];
        _warmupMeans = new double[tasks];
        _warmupBatches = new long[tasks];
        _smallest = new double[tasks];
        _terms = new double[tasks];
        Array.Fill(_smallest, double.PositiveInfinity);
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        if (batch.Epoch < warmupEpochs)
            WarmUp(batch.Epoch, losses, weights);
        else
            WeighTerms(losses, weights);
    }

    private void WarmUp(int epoch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        for (int task = 0; task < losses.Length; task++)
        {
            double loss = losses[task];
            bool takesPart = double.IsFinite(loss);
            weights[task] = takesPart ? LossLogarithm.Slope(loss) : 0;
            if (takesPart && epoch == warmupEpochs - 1) _warmupMeans[task] += (loss - _warmupMeans[task]) / ++_warmupBatches[task];
        }
    }

    private void WeighTerms(ReadOnlySpan<double> losses, Span<double> weights)
    {
        for (int task = 0; task < losses.Length; task++)
        {
            _terms[task] = double.NaN;
            if (!double.IsFinite(losses[task])) continue;
            double term = Term(task, losses[task]);
            _smallest[task] = Math.Min(_smallest[task], term);
            _terms[task] = _preferences[task] * (ideal == IdealPoint.Smallest ? term - _smallest[task] : term);
        }

        Softmax.Over(_terms, mu, weights);
        for (int task = 0; task < losses.Length; task++)
        {
            weights[task] *= _preferences[task];
            if (logRatio && double.IsFinite(losses[task])) weights[task] *= LossLogarithm.Slope(losses[task]);
        }
    }

    private double Term(int task, double loss)
    {
        if (!logRatio) return loss;
        if (_warmupBatches[task] == 0) (_warmupMeans[task], _warmupBatches[task]) = (loss, 1);
        return LossLogarithm.Value(loss) - LossLogarithm.Value(_warmupMeans[task]);
    }
}
