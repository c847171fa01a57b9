using MathNet.Numerics.Statistics;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>Gathers the errors of one estimate over batches.</summary>
/// <param name="tasks">K; the matrices are [K, K].</param>
/// <param name="sameScale">Whether the estimate's inner products are meant to be the exact ones, or only its cosines.</param>
internal sealed class EstimateErrorSum(int tasks, bool sameScale)
{
    private readonly List<double> _gramErrors = [];
    private readonly RunningStatistics[] _exact = Statistics(tasks);
    private readonly RunningStatistics[] _estimated = Statistics(tasks);
    private readonly double[] _exactProducts = new double[tasks * tasks];
    private readonly double[] _estimatedProducts = new double[tasks * tasks];
    private double _squares;
    private long _pairs;
    private long _sameSign;

    /// <summary>Adds one batch.</summary>
    public void Add(ReadOnlySpan<double> exact, ReadOnlySpan<double> estimate)
    {
        _gramErrors.Add(Error(exact, estimate));
        for (int i = 0; i < exact.Length; ++i)
        {
            _exactProducts[i] += exact[i];
            _estimatedProducts[i] += estimate[i];
        }

        int pair = 0;
        for (int i = 0; i < tasks; ++i)
        {
            for (int j = 0; j < i; ++j, ++pair)
            {
                double truth = Cosine(exact, i, j), guess = Cosine(estimate, i, j);
                _exact[pair].Push(truth);
                _estimated[pair].Push(guess);
                _squares += Math.Pow(guess - truth, 2);
                if (guess < 0 == truth < 0) ++_sameSign;
                ++_pairs;
            }
        }
    }

    /// <summary>What the batches so far say.</summary>
    public EstimateError Result(GradientCase network, string estimate)
    {
        double[] means = [.. _exact.Zip(_estimated, (exact, estimated) => Math.Abs(estimated.Mean - exact.Mean))];
        return new EstimateError(
            network,
            estimate,
            _gramErrors.Count,
            _gramErrors.Median(),
            _gramErrors.Quantile(0.9),
            Math.Sqrt(_squares / _pairs),
            (double)_sameSign / _pairs,
            means.RootMeanSquare(),
            means.Max(),
            Error(_exactProducts, _estimatedProducts),
            Pairs().Select(pair => Cosine(_estimatedProducts, pair.I, pair.J) - Cosine(_exactProducts, pair.I, pair.J)).RootMeanSquare(),
            _exact.Select(exact => exact.StandardDeviation).RootMeanSquare());
    }

    private IEnumerable<(int I, int J)> Pairs() => Enumerable.Range(0, tasks).SelectMany(i => Enumerable.Range(0, i).Select(j => (i, j)));

    private double Error(ReadOnlySpan<double> exact, ReadOnlySpan<double> estimate)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < exact.Length; ++i)
        {
            difference += Math.Pow(estimate[i] - exact[i], 2);
            norm += exact[i] * exact[i];
        }

        return sameScale ? Math.Sqrt(difference / norm) : double.NaN;
    }

    private static RunningStatistics[] Statistics(int tasks) =>
        [.. Enumerable.Range(0, tasks * (tasks - 1) / 2).Select(_ => new RunningStatistics())];

    private double Cosine(ReadOnlySpan<double> products, int i, int j) =>
        products[(i * tasks) + j] / Math.Sqrt(products[(i * tasks) + i] * products[(j * tasks) + j]);
}
