using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>w = K softmax(r / T) with r_i = l_i(t-1) / l_i(t-2), the ratio of the task's mean losses in the last two epochs in which
/// it had labels; r_i = 1 until there are two, so that all weights are 1 in the first two epochs.</summary>
/// <param name="temperature">T; above 0.</param>
internal sealed class DynamicWeightAverage(double temperature) : ILossWeighting
{
    private int _epoch = -1;
    private double[] _means = [];
    private long[] _batches = [];
    private double[] _last = [];
    private double[] _beforeLast = [];
    private double[] _ratios = [];
    private double[] _shares = [];

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
        int tasks = losses.Count;
        _means = new double[tasks];
        _batches = new long[tasks];
        _last = new double[tasks];
        _beforeLast = new double[tasks];
        _ratios = new double[tasks];
        _shares = new double[tasks];
        Array.Fill(_last, double.NaN);
        Array.Fill(_beforeLast, double.NaN);
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        if (batch.Epoch != _epoch) BeginEpoch(batch.Epoch);
        for (int task = 0; task < losses.Length; task++)
        {
            bool takesPart = double.IsFinite(losses[task]);
            weights[task] = takesPart ? losses.Length * _shares[task] : 0;
            if (takesPart) _means[task] += (losses[task] - _means[task]) / ++_batches[task];
        }
    }

    private void BeginEpoch(int epoch)
    {
        _epoch = epoch;
        for (int task = 0; task < _means.Length; task++)
        {
            if (_batches[task] > 0) (_beforeLast[task], _last[task]) = (_last[task], _means[task]);
            (_batches[task], _means[task]) = (0, 0);
            double ratio = Math.Max(_last[task], LossLogarithm.Floor) / Math.Max(_beforeLast[task], LossLogarithm.Floor);
            _ratios[task] = double.IsNaN(ratio) ? 1 : Math.Min(ratio, double.MaxValue);
        }

        Softmax.Over(_ratios, temperature, _shares);
    }
}
