using MathNet.Numerics.LinearAlgebra;
using Microsoft.Extensions.Logging;
using MtlHybrid.Affinity;
using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Strategies;

/// <summary>Selective task group updates: every batch updates the groups one after the other; the losses measured on the
/// way give the affinity, and the affinity the groups.</summary>
/// <param name="options">Its settings.</param>
/// <param name="late">Whether groups are made from the affinity of one batch earlier; null: by the options and the device.</param>
internal sealed class SelectiveUpdates(SelectiveOptions options, bool? late = null) : IStrategy
{
    private const string EveryTask = "groups that name every task, each task at most once per group";

    private readonly long _regroupInterval = options.RegroupInterval ?? (options.OfficialCode ? 1
        : options.Affinity == AffinityKind.Proximal ? 10L * options.MeasureInterval
        : Math.Max(10, options.AffinityInterval));

    private readonly GroupStep? _step = options.Aggregator?.CreateStep();
    private IAffinityProbe? _probe; // null: the network measures the proximal affinity itself
    private IGrouping _grouping = new Singletons();
    private ILogger _logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
    private ulong _seed;
    private int[] _order = [];
    private double[] _affinity = [];
    private double[] _weights = []; // [K] with an aggregator
    private long _regroupings;
    private bool _late;
    private bool _requested; // an affinity that has not been used

    public TaskGroups Groups { get; private set; } = TaskGroups.Singletons(1);

    public ReadOnlySpan<double> Weights => _weights;

    public bool RowsByTask => _step?.RowsByTask ?? options.Affinity is AffinityKind.GradientCosine or AffinityKind.GradientProduct;

    public void Prepare(Network network, StrategyContext context)
    {
        _seed = context.Seed;
        _logger = context.Logger;
        _grouping = GroupingCatalog.Create(GroupingOptionsFor(context.TaskNames));
        // Before the training, not after the warm-up.
        InvalidOptionException.Require(network.Tasks <= _grouping.MaximumTasks, nameof(SelectiveOptions.Grouping),
            $"another than {_grouping.Name} for more than {_grouping.MaximumTasks} tasks, for example hierarchical",
            $"{_grouping.Name} for {network.Tasks} tasks");
        _affinity = new double[network.Tasks * network.Tasks];
        network.ConfigureAffinity(
            enabled: options.Affinity == AffinityKind.Proximal,
            options.OfficialCode ? AffinityCredit.OfficialCode : AffinityCredit.SteppedGroup,
            options.Decay,
            options.OfficialCode ? 0 : options.AffinityLimit);
        _probe = CreateProbe(network);
        // What a probe estimates is on the host at once.
        _late = _probe is null && _grouping.NeedsAffinity && (late ?? !(options.ExactAffinity || network.Device.HasHostMemory));
        if (_step is not null)
        {
            _step.Prepare(network, context);
            _weights = new double[network.Tasks];
        }

        Use(TaskGroups.Singletons(network.Tasks));
        // Groups that do not depend on measurements need no warm-up.
        if (!_grouping.NeedsAffinity) Regroup(network);
    }

    public void RunBatch(Network network, in BatchContext batch)
    {
        if (_probe is not null && batch.Index % options.AffinityInterval == 0) Observe(_probe, network, batch);
        long sinceWarmup = batch.Index - options.WarmupBatches;
        if (RegroupsAt(sinceWarmup)) Regroup(network);
        if (_late && RegroupsAt(sinceWarmup + 1))
        {
            // As the batch before left it: it arrives while this batch runs, so that the next one does not wait for it.
            network.RequestAffinity();
            _requested = true;
        }

        // In step with the groupings: where the intervals fit, each grouping follows a measurement.
        bool measures = _probe is null && (sinceWarmup <= 0 || sinceWarmup % options.MeasureInterval == 0);
        Order(batch.Index);
        var update = new UpdateOptions(
            batch.LearningRate, batch.LearningRate * options.HeadLearningRateFactor, options.Reduction, AllLosses: measures);
        foreach (int group in _order) Step(network, Groups.Members(group), update, batch);
        if (options.OfficialCode)
        {
            // The authors' program measures at the second step of a lone group.
            if (_order.Length == 1) network.UpdateGroup(Groups.Members(0), update);
        }
        else if (measures && (options.MeasureLastGroup || _order.Length == 1))
        {
            network.Measure();
        }
    }

    private bool RegroupsAt(long sinceWarmup) => sinceWarmup > 0 && (sinceWarmup - 1) % _regroupInterval == 0;

    private IAffinityProbe? CreateProbe(Network network)
    {
        switch (options.Affinity)
        {
            case AffinityKind.GradientCosine:
            case AffinityKind.GradientProduct:
            case AffinityKind.Sketch:
                // An aggregator configures them anew, never for less than this needs.
                bool sketch = options.Affinity == AffinityKind.Sketch;
                network.ConfigureGradients(directions: sketch || network.ProjectsGradients);
                GradientSimilarity similarity =
                    options.Affinity == AffinityKind.GradientCosine ? GradientSimilarity.Cosine : GradientSimilarity.InnerProduct;
                return new GradientAffinityProbe(
                    new TaskProducts(network.Tasks, sketch ? options.AffinityDirections : 0, _seed), similarity, options.Decay);
            case AffinityKind.LookAhead: return new LookAheadProbe(network, options.Decay, options.AffinityLimit);
            default: return null;
        }
    }

    // The network keeps the estimate as it would keep its own: grouping, history and reports find it there.
    private void Observe(IAffinityProbe probe, Network network, in BatchContext batch)
    {
        probe.Observe(network, batch);
        AffinityMatrix affinity = probe.Estimator.ToMatrix();
        int tasks = network.Tasks;
        var observations = new long[tasks * tasks];
        for (int i = 0; i < observations.Length; i++)
        {
            _affinity[i] = affinity.Values[i / tasks, i % tasks];
            observations[i] = affinity.Observations(i / tasks, i % tasks) ?? 0;
        }

        network.WriteAffinity(_affinity, observations);
    }

    private void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch)
    {
        if (_step is null)
        {
            network.UpdateGroup(tasks, update);
            return;
        }

        // In a group of one there is nothing to weigh.
        if (tasks.Length == 1) network.UpdateGroup(tasks, update);
        else _step.Step(network, tasks, update, batch);
        foreach (int task in tasks) _weights[task] = tasks.Length == 1 ? 1 : _step.Weights[task];
    }

    private GroupingOptions GroupingOptionsFor(IReadOnlyList<string> taskNames)
    {
        AffinityNormalization normalization =
            options.OfficialCode ? AffinityNormalization.OfficialCode : AffinityNormalization.SelfAffinity;
        var byDefault = new GroupingOptions();
        return byDefault with
        {
            Method = options.Grouping,
            AffinityPropagation = byDefault.AffinityPropagation with { Normalization = normalization, Preference = options.Preference },
            Hierarchical = new HierarchicalClusteringOptions
            {
                Normalization = normalization,
                Threshold = options.GroupThreshold ?? byDefault.Hierarchical.Threshold,
            },
            Spectral = new SpectralClusteringOptions { Normalization = normalization, Groups = options.GroupCount, MaxGroups = options.MaxGroups },
            Cover = new CoverSearchOptions { MaxGroups = options.MaxGroups },
            ConflictColouring = new ConflictColouringOptions
            {
                Normalization = normalization,
                Threshold = options.GroupThreshold ?? byDefault.ConflictColouring.Threshold,
            },
            Fixed = options.FixedGroups is { } groups ? FixedByName(groups, taskNames) : null,
            RandomCount = Math.Min(taskNames.Count, options.RandomGroups ?? (int)Math.Round(Math.Sqrt(taskNames.Count))),
        };
    }

    private static TaskGroups FixedByName(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlyList<string> taskNames)
    {
        var index = taskNames.Select((name, task) => (name, task)).ToDictionary(entry => entry.name, entry => entry.task);
        try
        {
            string? repeated = groups.SelectMany(group => group.GroupBy(name => name)).FirstOrDefault(names => names.Skip(1).Any())?.Key;
            if (repeated is not null) throw new InvalidOptionException(nameof(SelectiveOptions.FixedGroups), EveryTask, $"'{repeated}' twice in one group");
            var byIndex = TaskGroups.Of(groups.Select(group => group.Select(name => index[name])), allowOverlap: true);
            InvalidOptionException.Require(
                byIndex.TaskCount == taskNames.Count, nameof(SelectiveOptions.FixedGroups), EveryTask,
                $"{byIndex.TaskCount} of {taskNames.Count} tasks");
            return byIndex;
        }
        catch (KeyNotFoundException)
        {
            string unknown = groups.SelectMany(group => group).First(name => !index.ContainsKey(name));
            throw new InvalidOptionException(nameof(SelectiveOptions.FixedGroups), $"made of the tasks {string.Join(", ", taskNames)}", unknown);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOptionException(nameof(SelectiveOptions.FixedGroups), EveryTask, e.Message);
        }
    }

    private void Regroup(Network network)
    {
        ReadAffinity(network);
        Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(network.Tasks, network.Tasks, _affinity);
        GroupingResult result = _grouping.Group(matrix, Groups, _seed, _regroupings++);
        if (result.Remark is { } remark) _logger.LogDebug("grouping: {Remark}", remark);
        if (!result.Groups.Equals(Groups)) Use(result.Groups);
    }

    private void ReadAffinity(Network network)
    {
        if (!_grouping.NeedsAffinity) return; // nothing is to be waited for
        if (_requested) network.TakeAffinity(_affinity, []);
        else network.ReadAffinity(_affinity, []);
        _requested = false;
    }

    private void Use(TaskGroups groups)
    {
        Groups = groups;
        _order = [.. Enumerable.Range(0, groups.Count)];
    }

    private void Order(long batch)
    {
        if (options.Order == GroupOrder.Fixed || _order.Length < 2) return;
        int first = options.Order == GroupOrder.RoundRobin ? (int)(batch % _order.Length) : 0;
        for (int i = 0; i < _order.Length; i++) _order[i] = (first + i) % _order.Length;
        if (options.Order == GroupOrder.Random) new SeededGenerator(_seed, batch).Shuffle(_order);
    }
}
