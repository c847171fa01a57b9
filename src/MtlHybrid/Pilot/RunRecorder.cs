using MtlHybrid.Affinity;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>Makes the record of a run from what training returned.</summary>
internal static class RunRecorder
{
    private static readonly Dictionary<string, double> NoMetrics = [];

    /// <summary>One network for all tasks.</summary>
    public static PilotRun OneNetwork(ulong seed, TrainedContestant trained)
    {
        RunOutcome outcome = OutcomeOf(trained);
        IReadOnlyList<EpochRecord> epochs = trained.History.Epochs;
        IReadOnlyList<GroupRecord> groups = trained.History.Groups;
        bool grouping = groups.Any(record => record.Groups.Count > 1);
        return new PilotRun
        {
            Seed = seed,
            Outcome = outcome,
            Metrics = [.. trained.Test.Select(scores => outcome == RunOutcome.Diverged ? NoMetrics : scores.Metrics)],
            Seconds = trained.Seconds,
            Batches = trained.Batches,
            OptimizerSteps = trained.OptimizerSteps,
            Epochs = epochs.Count,
            Curve = LearningCurve.FromEpochs([.. epochs.Select(epoch => epoch.TrainLosses.ToArray())], [.. epochs.Select(epoch => epoch.ValidationLosses.ToArray())]),
            GroupHistory = grouping
                ? [.. LearningCurve.ThinnedIndices(groups.Count, PilotRun.MaximumSnapshots)
                    .Select(i => new GroupSnapshot(groups[i].Batch, groups[i].Epoch, groups[i].Groups.ToArrays()))]
                : [],
            GroupChanges = grouping ? groups.Count - 1 : 0,
            FinalGroups = grouping ? groups[^1].Groups.ToArrays() : null,
        };
    }

    /// <summary>A network that the engine gave up.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="tasks">Number of tasks.</param>
    /// <param name="seconds">Time until then.</param>
    /// <param name="error">What the engine said.</param>
    public static PilotRun Failure(ulong seed, int tasks, double seconds, string error) => new()
    {
        Seed = seed,
        Outcome = RunOutcome.Failed,
        Error = error,
        Metrics = [.. Enumerable.Repeat(NoMetrics, tasks)],
        Seconds = seconds,
        Batches = 0,
        OptimizerSteps = 0,
        Epochs = 0,
        Curve = LearningCurve.FromEpochs([], []),
    };

    /// <summary>One network per task.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="networks">What each task's training returned; null for a task that had nothing to train on or was not
    /// reached.</param>
    /// <param name="cancelled">Whether the pilot was cancelled before all had run.</param>
    public static PilotRun NetworkPerTask(ulong seed, IReadOnlyList<TrainedContestant?> networks, bool cancelled)
    {
        TrainedContestant[] trained = [.. networks.OfType<TrainedContestant>()];
        RunOutcome outcome = cancelled ? RunOutcome.Cancelled
            : trained.All(network => network.StopReason == StopReason.Diverged) ? RunOutcome.Diverged
            : RunOutcome.Finished;
        int epochs = trained.Length == 0 ? 0 : trained.Max(network => network.History.Epochs.Count);
        return new PilotRun
        {
            Seed = seed,
            Outcome = outcome,
            Metrics = [.. networks.Select(network => network is null || OutcomeOf(network) != RunOutcome.Finished || network.Test.Count == 0 ? NoMetrics : network.Test[0].Metrics)],
            Seconds = trained.Sum(network => network.Seconds),
            Batches = trained.Sum(network => network.Batches),
            OptimizerSteps = trained.Sum(network => network.OptimizerSteps),
            Epochs = epochs,
            Curve = LearningCurve.FromEpochs(
                [.. Enumerable.Range(0, epochs).Select(epoch => Losses(networks, epoch, record => record.TrainLosses))],
                [.. Enumerable.Range(0, epochs).Select(epoch => Losses(networks, epoch, record => record.ValidationLosses))]),
        };
    }

    /// <summary>The mean of final affinity matrices, [source][target]; an entry counts where it was observed.</summary>
    public static double[][]? MeanAffinity(IReadOnlyList<AffinityMatrix> matrices)
    {
        if (matrices.Count == 0) return null;
        int tasks = matrices[0].Tasks;
        return [.. Enumerable.Range(0, tasks).Select(source => Enumerable.Range(0, tasks).Select(target =>
        {
            double[] observed = [.. matrices.Where(matrix => matrix.Observations(source, target) is null or > 0).Select(matrix => matrix.Values[source, target])];
            return observed.Length == 0 ? double.NaN : observed.Average();
        }).ToArray())];
    }

    /// <summary>How the training of one network ended.</summary>
    public static RunOutcome OutcomeOf(TrainedContestant trained) => trained.StopReason switch
    {
        StopReason.Diverged => RunOutcome.Diverged,
        StopReason.Cancelled => RunOutcome.Cancelled,
        _ => RunOutcome.Finished,
    };

    /// <summary>One loss per task at an epoch; a network that stopped before keeps its last.</summary>
    private static double[] Losses(IReadOnlyList<TrainedContestant?> networks, int epoch, Func<EpochRecord, IReadOnlyList<double>> losses) =>
        [.. networks.Select(network => network is null || network.History.Epochs.Count == 0
            ? double.NaN
            : losses(network.History.Epochs[Math.Min(epoch, network.History.Epochs.Count - 1)])[0])];
}
