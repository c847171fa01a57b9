using System.Diagnostics;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>The time an aggregator takes to choose weights.</summary>
internal sealed class SolverClock
{
    private long _ticks;

    /// <summary>How often weights were chosen since <see cref="Reset"/>.</summary>
    public int Calls { get; private set; }

    /// <summary>How long that took in all.</summary>
    public double Seconds => (double)_ticks / Stopwatch.Frequency;

    public void Reset()
    {
        _ticks = 0;
        Calls = 0;
    }

    /// <summary>Adds one call.</summary>
    /// <param name="start">Time stamp of its beginning.</param>
    public void Add(long start)
    {
        _ticks += Stopwatch.GetTimestamp() - start;
        ++Calls;
    }
}
