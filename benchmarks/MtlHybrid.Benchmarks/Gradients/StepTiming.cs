using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Benchmarks.Paired;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>One kind of step on a network of its own, timed again and again.</summary>
internal sealed class StepTiming : IDisposable
{
    private const double LearningRate = 1e-3;
    private const int WarmUp = 2; // batches, after which the network is in the caches
    private static readonly int[] Order = [.. Enumerable.Range(0, MixedTasks.Rows)];

    private readonly StepUnderTest _step;
    private readonly DeviceDataset _data;
    private readonly int _size;
    private readonly Network _network;
    private readonly IStrategy _strategy;
    private readonly SolverClock _clock = new();
    private readonly double[] _losses;
    private readonly int _batches;
    private readonly Series _seconds = new();
    private readonly Series _overJoint = new();
    private readonly Series _solver = new();
    private readonly Series _solverShare = new();
    private long _batch;

    /// <param name="device">Where to.</param>
    /// <param name="data">The rows of <see cref="MixedTasks"/>.</param>
    /// <param name="network">Its size.</param>
    /// <param name="step">What to time.</param>
    /// <param name="seconds">For about how long each time; at least 3 steps.</param>
    public StepTiming(Device device, DeviceDataset data, GradientCase network, StepUnderTest step, double seconds)
    {
        _step = step;
        _data = data;
        _size = network.Shape.Batch;
        _network = StepNetwork.Compile(device, network.Shape, network.Tasks, affinity: false);
        _strategy = step.Create(_clock);
        _losses = new double[network.Tasks];
        string[] names = [.. Enumerable.Range(0, network.Tasks).Select(task => $"task {task}")];
        _strategy.Prepare(_network, new StrategyContext(names, Seed: 1, NullLogger.Instance));
        Run(step.Period);
        int wanted = Math.Max(3, (int)(seconds / Run(step.Period)));
        _batches = (wanted + step.Period - 1) / step.Period * step.Period;
    }

    /// <summary>What the repeats so far say.</summary>
    public StepResult Result => new(_step, _seconds, _overJoint, _solver, _solverShare, _network.MemoryBytes);

    /// <summary>Times it once more.</summary>
    /// <returns>Seconds per batch.</returns>
    public double Repeat()
    {
        Run(WarmUp);
        _clock.Reset();
        double seconds = Run(_batches);
        _seconds.Add(seconds);
        if (_clock.Calls == 0) return seconds;
        _solver.Add(_clock.Seconds / _clock.Calls);
        _solverShare.Add(_clock.Seconds / (seconds * _batches));
        return seconds;
    }

    /// <summary>Adds a repeat's time, divided by that of joint steps next to it.</summary>
    public void AddOverJoint(double ratio) => _overJoint.Add(ratio);

    public void Dispose() => _network.Dispose();

    private double Run(int batches)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < batches; ++i)
        {
            int first = (int)(_batch * _size % MixedTasks.Rows);
            _network.BeginBatch(_data, Order.AsSpan(first, _size), (ulong)_batch);
            _strategy.RunBatch(_network, new BatchContext(_batch++, LearningRate));
        }

        // Waits for devices that work behind the caller's back.
        _network.ReadLosses(_losses);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / batches;
        // Weights of gradients that are no numbers are not solved for: the time would mean nothing.
        if (!_losses.All(double.IsFinite)) throw new InvalidOperationException($"{_step}: the losses are not finite after {_batch} batches");
        return seconds;
    }
}
