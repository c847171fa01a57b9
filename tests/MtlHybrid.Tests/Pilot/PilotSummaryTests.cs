using MtlHybrid.Data;
using MtlHybrid.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class PilotSummaryTests
{
    private static readonly PilotTask Error = Task("error", TaskKind.Regression);
    private static readonly PilotTask Rank = Task("rank", TaskKind.Binary);

    [Fact]
    public void Delta_m_is_the_mean_relative_gain_signed_so_that_higher_is_better()
    {
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.8)),
            Contestant("selective", true, Run(0, 1.8, 0.84)));

        // The error fell by 10 %, the area rose by 5 %.
        Assert.Equal(7.5, result.Find("selective")!.Runs[0].DeltaM, 9);
        Assert.Equal([10, 5], result.Find("selective")!.Runs[0].Gains.Select(gain => Math.Round(gain, 9)));
        Assert.Equal(0, result.Find(PilotContestant.SingleTask)!.Runs[0].DeltaM, 12);
    }

    [Fact]
    public void A_task_without_a_score_somewhere_counts_for_nobody_in_that_seed()
    {
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.8), Run(1, 2.0, 0.8)),
            Contestant("joint", false, Run(0, 1.0, double.NaN), Run(1, 1.0, 0.8)),
            Contestant("selective", true, Run(0, 1.8, 0.84), Run(1, 1.8, 0.84)));

        Assert.Equal([10, 7.5], result.Find("selective")!.Runs.Select(run => Math.Round(run.DeltaM, 9)));
        Assert.Contains(result.Notes, note => note.Contains("rank", StringComparison.Ordinal) && note.Contains("1 of 2 seeds", StringComparison.Ordinal));
    }

    [Fact]
    public void A_diverged_run_has_no_scores_and_is_named()
    {
        PilotRun diverged = Run(1, 1.0, 0.9) with { Outcome = RunOutcome.Diverged };
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.8), Run(1, 2.0, 0.8)),
            Contestant("joint", false, Run(0, 2.0, 0.8), diverged),
            Contestant("selective", true, Run(0, 1.8, 0.84), Run(1, 1.8, 0.84)));

        PilotContestant joint = result.Find("joint")!;
        Assert.Equal(1, joint.DeltaM.Count);
        Assert.True(double.IsNaN(joint.Runs[1].DeltaM));
        Assert.Equal(2, result.Find("selective")!.DeltaM.Count);
        Assert.Contains(result.Notes, note => note.Contains("diverged with seed 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Contestants_are_compared_within_the_seed_whatever_the_order_of_runs()
    {
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 1.0, 0.8), Run(1, 100.0, 0.8)),
            Contestant("selective", true, Run(1, 90.0, 0.8), Run(0, 0.9, 0.8)));

        Assert.All(result.Comparisons.Single().Differences, difference => Assert.Equal(5, difference, 9));
    }

    [Fact]
    public void A_cancelled_run_counts_in_no_statistic()
    {
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.8)),
            Contestant("selective", true, Run(0, 1.8, 0.84) with { Outcome = RunOutcome.Cancelled }));

        Assert.Equal(0, result.Find("selective")!.DeltaM.Count);
        Assert.Equal(VerdictKind.Undecided, result.Verdict.Kind);
    }

    [Fact]
    public void A_task_nobody_learns_is_remarked_upon()
    {
        PilotResult result = Summarise(
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.51)),
            Contestant("selective", true, Run(0, 1.8, 0.53)));

        string note = Assert.Single(result.Notes, remark => remark.Contains("guessing", StringComparison.Ordinal));
        Assert.Contains("rank", note, StringComparison.Ordinal);
        Assert.DoesNotContain("error", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(4, true)]
    public void With_few_positives_a_lucky_guess_is_no_skill(int positives, bool remarked)
    {
        PilotResult result = Summarise([Error, Task("rank", TaskKind.Binary, positives)],
            Contestant(PilotContestant.SingleTask, false, Run(0, 2.0, 0.6)),
            Contestant("selective", true, Run(0, 1.8, 0.65)));

        Assert.Equal(remarked, result.Notes.Any(note => note.Contains("guessing", StringComparison.Ordinal)));
        Assert.Equal(remarked, result.Notes.Any(note => note.Contains("rank (4)", StringComparison.Ordinal)));
    }

    private static PilotResult Summarise(params PilotContestant[] contestants) => Summarise([Error, Rank], contestants);

    private static PilotResult Summarise(PilotTask[] tasks, params PilotContestant[] contestants) => PilotSummary.Build(
        SamplePilot.Setting([.. contestants[0].Runs.Select(run => run.Seed)]), tasks, contestants, [], complete: true);

    private static PilotContestant Contestant(string id, bool candidate, params PilotRun[] runs) => new()
    {
        Id = id,
        Title = id,
        Description = id,
        IsCandidate = candidate,
        Runs = runs,
    };

    private static PilotRun Run(ulong seed, double rmse, double rocAuc) => new()
    {
        Seed = seed,
        Outcome = RunOutcome.Finished,
        Metrics = [new Dictionary<string, double> { ["rmse"] = rmse }, new Dictionary<string, double> { ["roc_auc"] = rocAuc }],
        Seconds = 1,
        Batches = 10,
        OptimizerSteps = 10,
        Epochs = 1,
        Curve = LearningCurve.FromEpochs([], []),
    };

    private static PilotTask Task(string name, TaskKind kind, int rarest = 50) => new()
    {
        Name = name,
        Kind = kind,
        TrainLabels = 100,
        ValidationLabels = 100,
        TestLabels = 100,
        TestRarest = rarest,
    };
}
