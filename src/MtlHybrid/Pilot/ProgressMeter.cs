namespace MtlHybrid.Pilot;

/// <summary>Estimates how far a pilot is: contestants that have run once are expected to take as long again, the others are
/// guessed from their relative effort.</summary>
internal sealed class ProgressMeter : IProgress<double>
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly IProgress<PilotProgress>? _progress;
    private readonly IReadOnlyList<ContestantPlan> _plan;
    private readonly IReadOnlyList<ulong> _seeds;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly double[] _seconds;
    private readonly int[] _runs;
    private int _seed;
    private int _contestant;
    private long _began;
    private long _reported;
    private double _fraction;

    public ProgressMeter(IProgress<PilotProgress>? progress, IReadOnlyList<ContestantPlan> plan, IReadOnlyList<ulong> seeds, TimeProvider time)
    {
        _progress = progress;
        _plan = plan;
        _seeds = seeds;
        _time = time;
        _started = time.GetTimestamp();
        _seconds = new double[plan.Count];
        _runs = new int[plan.Count];
    }

    /// <summary>Time since the pilot began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>A contestant begins.</summary>
    public void Begin(int seed, int contestant)
    {
        _seed = seed;
        _contestant = contestant;
        _began = _time.GetTimestamp();
        Send(0);
    }

    /// <summary>The contestant has done this share of its training.</summary>
    public void Report(double value)
    {
        if (_time.GetElapsedTime(_reported) >= ReportInterval) Send(value);
    }

    /// <summary>The contestant is done.</summary>
    public void End()
    {
        _seconds[_contestant] += _time.GetElapsedTime(_began).TotalSeconds;
        _runs[_contestant]++;
        Send(1);
    }

    private void Send(double fraction)
    {
        if (_progress is null) return;
        _reported = _time.GetTimestamp();
        _fraction = Math.Max(_fraction, Done(Math.Clamp(fraction, 0, 1)));
        TimeSpan elapsed = Elapsed;
        TimeSpan? remaining = _fraction > 0.01 ? elapsed * ((1 - _fraction) / _fraction) : null;
        _progress.Report(new PilotProgress(
            _seeds[_seed], _seed + 1, _seeds.Count, _plan[_contestant].Title, fraction, _fraction, elapsed, remaining));
    }

    private double Done(double fraction)
    {
        double[] costs = [.. Enumerable.Range(0, _plan.Count).Select(Cost)];
        double perSeed = costs.Sum();
        double ofThisSeed = costs.Take(_contestant).Sum() + fraction * costs[_contestant];
        return Math.Min(1, (_seed * perSeed + ofThisSeed) / (_seeds.Count * perSeed));
    }

    private double Cost(int contestant)
    {
        if (_runs[contestant] > 0) return Math.Max(_seconds[contestant] / _runs[contestant], 1e-6);
        double measured = 0, effort = 0;
        for (int i = 0; i < _plan.Count; i++)
        {
            if (_runs[i] == 0) continue;
            measured += _seconds[i] / _runs[i];
            effort += _plan[i].Effort;
        }

        return measured > 0 ? _plan[contestant].Effort * measured / effort : _plan[contestant].Effort;
    }
}
