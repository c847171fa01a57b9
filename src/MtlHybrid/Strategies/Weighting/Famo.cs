using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>L = sum of (z_i / c) log D_i with z = softmax(xi), D_i = l_i - b_i + 1e-8 and c = sum of z_i / D_i, z and c taken as
/// constants: w_i = z_i / (c D_i). After the step xi follows the gradient of sum of z_i (log D_i before - log D_i after), which lowers
/// the weight of the tasks that improved most.</summary>
/// <param name="learningRate">Of xi; at least 0.</param>
/// <param name="decay">gamma; at least 0.</param>
/// <param name="lowerBounds">[K] b; null: 0 for every task.</param>
internal sealed class Famo(double learningRate, double decay, IReadOnlyList<double>? lowerBounds) : ILossWeighting
{
    private const double Least = 1e-8;
    private TaskAdam _logits = new(0);
    private double[] _lowerBounds = [];
    private double[] _before = [];
    private double[] _takingPart = [];
    private double[] _shares = [];
    private double[] _gains = [];

    public bool MeasuresAfterStep => true;

    public void Prepare(IReadOnlyList<LossKind> losses, ulong seed)
    {
        int tasks = losses.Count;
        InvalidOptionException.Require(
            lowerBounds is null || lowerBounds.Count == tasks,
            nameof(FamoOptions.LowerBounds), $"{tasks} numbers, one per task", lowerBounds?.Count);
        _lowerBounds = [.. lowerBounds ?? Enumerable.Repeat(0.0, tasks)];
        _logits = new TaskAdam(tasks);
        _before = new double[tasks];
        _takingPart = new double[tasks];
        _shares = new double[tasks];
        _gains = new double[tasks];
    }

    public void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights)
    {
        losses.CopyTo(_before);
        Share(losses);
        double c = 0;
        for (int task = 0; task < losses.Length; task++)
        {
            // A task that takes no part has share 0.
            weights[task] = _shares[task] > 0 ? _shares[task] / Distance(task, losses[task]) : 0;
            c += weights[task];
        }

        if (c == 0) return;
        for (int task = 0; task < losses.Length; task++) weights[task] /= c;
    }

    public void AfterStep(ReadOnlySpan<double> losses)
    {
        for (int task = 0; task < losses.Length; task++)
            if (!double.IsFinite(losses[task])) _before[task] = double.NaN;
        Share(_before);
        double mean = 0;
        for (int task = 0; task < losses.Length; task++)
        {
            if (!double.IsFinite(_before[task])) continue;
            _gains[task] = Math.Log(Distance(task, _before[task])) - Math.Log(Distance(task, losses[task]));
            mean += _shares[task] * _gains[task];
        }

        for (int task = 0; task < losses.Length; task++)
        {
            if (!double.IsFinite(_before[task])) continue;
            double gradient = _shares[task] * (_gains[task] - mean) + decay * _logits.Values[task];
            _logits.Step(task, gradient, learningRate, -double.MaxValue, double.MaxValue);
        }
    }

    // z over the tasks whose loss is finite.
    private void Share(ReadOnlySpan<double> losses)
    {
        for (int task = 0; task < losses.Length; task++)
            _takingPart[task] = double.IsFinite(losses[task]) ? _logits.Values[task] : double.NaN;
        Softmax.Over(_takingPart, 1, _shares);
    }

    private double Distance(int task, double loss) => Math.Max(loss - _lowerBounds[task], 0) + Least;
}
