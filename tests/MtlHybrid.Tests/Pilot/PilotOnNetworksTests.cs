using MtlHybrid.Data;
using MtlHybrid.Modeling;
using MtlHybrid.Pilot;
using MtlHybrid.Reporting;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

/// <summary>The whole way, with real networks on a small made-up table: one task of every kind, some labels missing.</summary>
public sealed class PilotOnNetworksTests
{
    private static readonly PilotOptions Options = new()
    {
        Seeds = [0, 1],
        Training = new TrainingOptions { Epochs = 6, BatchSize = 16, LearningRate = 5e-3, Model = new MlpOptions { Hidden = [16] } },
    };

    private static readonly MultiTaskData Data = Table(rows: 240);

    [Fact]
    public void Every_contestant_learns_and_steps_are_equal_where_they_must_be()
    {
        PilotResult result = new PilotRunner(Options).Run(Data, null, TestContext.Current.CancellationToken);

        Assert.True(result.Complete);
        Assert.All(result.Contestants, contestant => Assert.All(contestant.Runs, run =>
        {
            Assert.Equal(RunOutcome.Finished, run.Outcome);
            Assert.True(double.IsFinite(run.DeltaM));
            Assert.True(run.Metrics[1]["roc_auc"] > 0.8, $"{contestant.Id}: ROC AUC {run.Metrics[1]["roc_auc"]}");
        }));
        PilotContestant selective = result.Find("selective")!;
        Assert.Equal(selective.Runs.Select(run => run.OptimizerSteps), result.Find("joint-equal-steps")!.Runs.Select(run => run.OptimizerSteps));
        Assert.All(selective.Runs, run => Assert.True(run.OptimizerSteps > run.Batches));
        Assert.NotNull(selective.Affinity);
        Assert.Null(result.Find("joint")!.Affinity);
        Assert.All(selective.Runs, run => Assert.Equal([0, 1, 2], run.FinalGroups!.SelectMany(group => group).Order()));
    }

    [Fact]
    public void The_same_pilot_twice_gives_the_same_scores()
    {
        PilotOptions options = Options with { Seeds = [3] };
        PilotResult first = new PilotRunner(options).Run(Data, null, TestContext.Current.CancellationToken);
        PilotResult second = new PilotRunner(options).Run(Data, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            first.Contestants.SelectMany(contestant => contestant.Runs[0].Metrics.SelectMany(metrics => metrics.Values)),
            second.Contestants.SelectMany(contestant => contestant.Runs[0].Metrics.SelectMany(metrics => metrics.Values)));
    }

    [Fact]
    public void The_folder_holds_a_report_and_a_result_that_reads_back()
    {
        string folder = Directory.CreateTempSubdirectory("mtl-pilot-").FullName;
        try
        {
            PilotResult result = SamplePilot.Build(seeds: 2);
            PilotFolder.Write(Path.Combine(folder, "deep", "er"), result);

            string[] files = [.. Directory.GetFiles(Path.Combine(folder, "deep", "er")).Select(path => Path.GetFileName(path)).Order()];
            Assert.Equal(["pilot.json", "report.html"], files);
            Assert.Equal(result.ToJson(), PilotResult.FromJson(File.ReadAllText(Path.Combine(folder, "deep", "er", "pilot.json"))).ToJson());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MultiTaskData Table(int rows)
    {
        var random = new Random(5);
        var inputs = new double[rows, 3];
        var labels = new double[rows, 3];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 3; column++)
                inputs[row, column] = 2 * random.NextDouble() - 1;
            double signal = inputs[row, 0] + 0.5 * inputs[row, 1];
            labels[row, 0] = row % 7 == 0 ? double.NaN : 10 + 3 * signal + 0.1 * random.NextDouble();
            labels[row, 1] = signal > 0 ? 1 : 0;
            labels[row, 2] = inputs[row, 2] < -0.3 ? 0 : inputs[row, 2] < 0.3 ? 1 : 2;
        }

        return MultiTaskData.FromArrays(inputs, labels,
            [TaskDefinition.Regression("level"), TaskDefinition.Binary("alarm"), TaskDefinition.MultiClass("state", 3)]);
    }
}
