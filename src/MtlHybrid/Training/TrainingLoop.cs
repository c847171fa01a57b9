using Microsoft.Extensions.Logging;
using MtlHybrid.Affinity;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;

namespace MtlHybrid.Training;

/// <summary>One run over the batches: order of rows, schedule, budgets, validation, best weights, history.</summary>
internal sealed class TrainingLoop
{
    private const ulong ShuffleStream = 0x7368_7566_666C_6500;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly TrainingOptions _options;
    private readonly Network _network;
    private readonly DeviceDataset _dataset;
    private readonly IReadOnlyList<TaskDefinition> _tasks;
    private readonly double[] _taskWeights;
    private readonly int[] _trainRows;
    private readonly int[] _validationRows;
    private readonly int[] _order;
    private readonly int _batchSize;
    private readonly int _batchesPerEpoch;
    private readonly int? _epochLimit;
    private readonly int _patience;
    private readonly TimeProvider _time;
    private readonly IStrategy _strategy;
    private readonly GradientProbe? _probe;
    private readonly RowsByTask? _byTask;

    private readonly List<EpochRecord> _epochs = [];
    private readonly List<GroupRecord> _groups = [];
    private readonly long[] _stepCounts;
    private readonly float[] _best;
    private double[] _trainLosses;
    private double[] _validationLosses;
    private double _score = double.NaN;
    private double _bestScore = double.PositiveInfinity;
    private int _bestEpoch;
    private double _rate;
    private TimeSpan _inBatches;
    private long _started;
    private long _reported;

    public TrainingLoop(
        TrainingOptions options,
        Network network,
        DeviceDataset dataset,
        MultiTaskData data,
        ModelGraph graph,
        int[] trainRows,
        int[] validationRows,
        int batchSize,
        ILogger logger,
        TimeProvider time)
    {
        _options = options;
        _network = network;
        _dataset = dataset;
        _tasks = data.Tasks;
        _taskWeights = [.. graph.Outputs.Select(output => output.Loss.Weight)];
        _trainRows = trainRows;
        _validationRows = validationRows;
        _order = [.. trainRows];
        _batchSize = batchSize;
        _batchesPerEpoch = (trainRows.Length + batchSize - 1) / batchSize;
        _epochLimit = options.EpochLimit(_batchesPerEpoch);
        _patience = options.EarlyStopping.PatienceFor(_batchesPerEpoch);
        _time = time;
        _stepCounts = new long[_tasks.Count + 1];
        _best = new float[network.ParameterCount];
        _trainLosses = Undefined(_tasks.Count);
        _validationLosses = Undefined(_tasks.Count);
        network.ConfigureOptimizer(options.Optimizer);
        // Before the strategy, which may need more room for gradients than this.
        if (options.DiagnosticsInterval > 0) _probe = new GradientProbe(network, options.DiagnosticsInterval, options.DiagnosticsDirections, options.Seed);
        _strategy = options.Strategy.Create();
        _strategy.Prepare(network, new StrategyContext([.. _tasks.Select(task => task.Name)], options.Seed, logger));
        if (_strategy.RowsByTask) _byTask = RowsByTask.For(data, trainRows);
    }

    public long Batches { get; private set; }

    public long OptimizerSteps { get; private set; }

    public TrainingHistory History()
    {
        var affinity = new double[_tasks.Count * _tasks.Count];
        var observations = new long[affinity.Length];
        _network.ReadAffinity(affinity, observations);
        bool measured = observations.Any(count => count > 0);
        return new TrainingHistory(
            _epochs, _groups, measured ? AffinityMatrix.FromRowMajor(affinity, observations, [.. _tasks.Select(task => task.Name)]) : null)
        {
            Gradients = _probe?.Report(),
        };
    }

    public StopReason Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _started = _reported = _time.GetTimestamp();
        Keep();
        StopReason? reason = null;
        for (int epoch = 1; reason is null; epoch++)
        {
            reason = RunEpoch(epoch, progress, cancellation);
            StopReason? verdict = EndEpoch(epoch);
            // What the epoch's end finds (divergence above all) explains more than a budget that ran out meanwhile.
            if (verdict == StopReason.Diverged || reason is null) reason = verdict;
            if (reason is null && epoch == _epochLimit) reason = StopReason.Completed;
            Report(progress, epoch, epochEnded: true);
        }

        _network.Write(NetworkBuffer.Parameters, 0, _best);
        return reason.Value;
    }

    private StopReason? RunEpoch(int epoch, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (_options.Shuffle)
        {
            // From the same start every time, so that an epoch's order depends on the seed and its number alone.
            _trainRows.CopyTo(_order, 0);
            new SeededGenerator(_options.Seed ^ ShuffleStream, epoch).Shuffle(_order);
        }

        for (int batch = 0; batch < _batchesPerEpoch; batch++)
        {
            if (cancellation.IsCancellationRequested) return StopReason.Cancelled;
            ReadOnlySpan<int> rows = Rows(batch);
            RunBatch(epoch, _byTask is null ? rows : _byTask.Order(rows));
            if (_time.GetElapsedTime(_reported) >= ReportInterval) Report(progress, epoch, epochEnded: false);
            if (BudgetSpent() is { } spent) return spent;
        }

        return null;
    }

    // Shuffled rows are dealt evenly: a last batch of a row or two has losses that say nothing, and an affinity to match.
    // In file order the batches are full, and the last one is what is left.
    private ReadOnlySpan<int> Rows(int batch)
    {
        if (!_options.Shuffle) return _order.AsSpan(batch * _batchSize, Math.Min(_batchSize, _order.Length - batch * _batchSize));
        int first = (int)((long)_order.Length * batch / _batchesPerEpoch);
        int end = (int)((long)_order.Length * (batch + 1) / _batchesPerEpoch);
        return _order.AsSpan(first, end - first);
    }

    private void RunBatch(int epoch, ReadOnlySpan<int> rows)
    {
        long before = _time.GetTimestamp();
        _rate = _options.LearningRate * _options.Schedule.Factor(Batches, epoch - 1, Done());
        _network.BeginBatch(_dataset, rows, (ulong)Batches);
        bool probes = _probe?.Measures(Batches) == true;
        if (probes)
        {
            // Its time is not the strategy's.
            long probed = _time.GetTimestamp();
            _probe!.Measure(Batches);
            _inBatches -= _time.GetElapsedTime(probed);
        }

        TaskGroups groups = _groups.Count > 0 ? _groups[^1].Groups : TaskGroups.Together(1);
        _strategy.RunBatch(_network, new BatchContext(Batches, _rate, epoch - 1));
        if (_groups.Count == 0 || !ReferenceEquals(groups, _strategy.Groups) && groups != _strategy.Groups)
            _groups.Add(new GroupRecord(Batches, epoch, _strategy.Groups));
        if (probes) _probe!.Note(_strategy.Weights);
        Batches++;
        if (_options.OptimizerStepBudget is not null) CountSteps();
        _inBatches += _time.GetElapsedTime(before);
    }

    private StopReason? BudgetSpent()
    {
        if (OptimizerSteps >= _options.OptimizerStepBudget) return StopReason.StepBudget;
        if (_inBatches >= _options.TimeBudget) return StopReason.TimeBudget;
        return Batches >= _options.Steps ? StopReason.Completed : null;
    }

    private void CountSteps()
    {
        _network.ReadStepCounts(_stepCounts);
        OptimizerSteps = _stepCounts[0];
    }

    private StopReason? EndEpoch(int epoch)
    {
        CountSteps();
        bool finite = TakeTrainLosses();
        _validationLosses = Validate(out _score);
        finite &= _validationRows.Length == 0 || double.IsFinite(_score) || _validationLosses.All(double.IsNaN);
        bool improved = finite && (double.IsNaN(_score) || _score < _bestScore - _options.EarlyStopping.MinimumImprovement);
        if (improved)
        {
            _bestScore = _score;
            _bestEpoch = epoch;
            Keep();
        }

        _epochs.Add(new EpochRecord(
            epoch, Batches, OptimizerSteps, _inBatches.TotalSeconds, _rate, _trainLosses, _validationLosses, _score, improved)
        {
            Gradients = _probe?.TakeEpoch(),
        });
        if (!finite) return StopReason.Diverged;
        bool patient = !_options.EarlyStopping.Enabled || _validationRows.Length == 0 || epoch - _bestEpoch < _patience;
        return patient ? null : StopReason.EarlyStopping;
    }

    /// <summary>Mean loss per task over the batches since the last call; false when one is not finite.</summary>
    private bool TakeTrainLosses()
    {
        var sums = new double[_tasks.Count];
        var batches = new long[_tasks.Count];
        _network.TakeLossTotals(sums, batches);
        bool finite = true;
        _trainLosses = new double[_tasks.Count];
        for (int task = 0; task < sums.Length; task++)
        {
            finite &= double.IsFinite(sums[task]);
            _trainLosses[task] = batches[task] > 0 ? sums[task] / batches[task] : double.NaN;
        }

        return finite;
    }

    private double[] Validate(out double score)
    {
        double[] losses = Undefined(_tasks.Count);
        score = double.NaN;
        if (_validationRows.Length == 0) return losses;
        var sums = new double[_tasks.Count];
        var weights = new double[_tasks.Count];
        _network.Evaluate(_dataset, _validationRows, sums, weights);
        double total = 0;
        int defined = 0;
        for (int task = 0; task < losses.Length; task++)
        {
            if (!(weights[task] > 0)) continue;
            losses[task] = sums[task] / weights[task];
            total += _taskWeights[task] * losses[task];
            defined++;
        }

        if (defined > 0) score = total / defined;
        return losses;
    }

    private void Keep() => _network.Read(NetworkBuffer.Parameters, 0, _best);

    private double Done()
    {
        double done = 0;
        if (_epochLimit is { } epochs) done = (double)Batches / ((long)epochs * _batchesPerEpoch);
        if (_options.Steps is { } steps) done = Math.Max(done, (double)Batches / steps);
        if (_options.OptimizerStepBudget is { } budget) done = Math.Max(done, (double)OptimizerSteps / budget);
        if (_options.TimeBudget is { } time) done = Math.Max(done, _inBatches / time);
        return Math.Min(done, 1);
    }

    private void Report(IProgress<TrainingProgress>? progress, int epoch, bool epochEnded)
    {
        if (progress is null) return;
        _reported = _time.GetTimestamp();
        TimeSpan elapsed = _time.GetElapsedTime(_started);
        double done = Done();
        progress.Report(new TrainingProgress(
            epoch,
            _epochLimit,
            Batches,
            done,
            elapsed,
            done > 0 ? elapsed * ((1 - done) / done) : null,
            _inBatches > TimeSpan.Zero ? Batches / _inBatches.TotalSeconds : 0,
            _rate,
            _trainLosses,
            _validationLosses,
            _score,
            _strategy.Groups,
            epochEnded));
    }

    private static double[] Undefined(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
