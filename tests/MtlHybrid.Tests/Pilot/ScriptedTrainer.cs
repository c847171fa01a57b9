using MtlHybrid.Affinity;
using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using MtlHybrid.Grouping;
using MtlHybrid.Pilot;
using MtlHybrid.Training;

namespace MtlHybrid.Tests.Pilot;

/// <summary>Trains nothing: remembers what it was asked and answers by a script.</summary>
internal sealed class ScriptedTrainer : IContestantTrainer
{
    /// <summary>What was asked, in order.</summary>
    public List<(TrainingOptions Options, MultiTaskData Data, DataSplit Split)> Calls { get; } = [];

    /// <summary>Why the run asked for by these options ends; null: it completes.</summary>
    public Func<TrainingOptions, MultiTaskData, StopReason?> Reason { get; init; } = (_, _) => null;

    /// <summary>What the run asked for by these options throws; null: nothing.</summary>
    public Func<TrainingOptions, Exception?> Failure { get; init; } = _ => null;

    /// <summary>Called at every run.</summary>
    public Action<int> OnCall { get; init; } = _ => { };

    public string DescribeDevice(TrainingOptions options) => "nothing";

    public TrainedContestant Train(
        TrainingOptions options, MultiTaskData data, DataSplit split, IProgress<double> progress, CancellationToken cancellation)
    {
        Calls.Add((options, data, split));
        OnCall(Calls.Count);
        progress.Report(0.5);
        if (Failure(options) is { } failure) throw failure;
        bool selective = options.Strategy.Name == "selective";
        int tasks = data.Tasks.Count;
        StopReason reason = cancellation.IsCancellationRequested ? StopReason.Cancelled : Reason(options, data) ?? StopReason.Completed;
        double error = (selective ? 0.9 : 1.0) + 0.01 * options.Seed;
        double[] losses = [.. Enumerable.Repeat(error, tasks)];
        return new TrainedContestant(
            reason,
            [.. data.Tasks.Select(task => new TaskScores(task, split.Test.Length, new Dictionary<string, double> { ["rmse"] = error }, new Dictionary<string, string>()))],
            new TrainingHistory(
                [new EpochRecord(1, 10, 10, 0.1, 1e-3, losses, losses, error, true)],
                [new GroupRecord(0, 1, selective ? TaskGroups.Singletons(tasks) : TaskGroups.Together(tasks))],
                selective ? Matrix(tasks) : null),
            Seconds: selective ? 3 : 1,
            Batches: 10,
            OptimizerSteps: options.OptimizerStepBudget ?? (selective ? 25 + (long)options.Seed : 10),
            []);
    }

    private static AffinityMatrix Matrix(int tasks)
    {
        var observations = new long[tasks * tasks];
        Array.Fill(observations, 1);
        observations[1] = 0;
        return AffinityMatrix.FromRowMajor(new double[tasks * tasks], observations, [.. Enumerable.Range(0, tasks).Select(i => $"t{i}")]);
    }
}
