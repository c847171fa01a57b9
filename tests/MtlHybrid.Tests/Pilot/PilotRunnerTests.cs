using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using MtlHybrid.Pilot;
using MtlHybrid.Strategies;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class PilotRunnerTests
{
    private static readonly MultiTaskData Data = Toy(tasks: 3, rows: 50, missing: (row, task) => task == 2 && row % 2 == 0);

    [Fact]
    public void Every_contestant_runs_with_every_seed_on_the_same_split()
    {
        var trainer = new ScriptedTrainer();

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [4, 9] });

        Assert.Equal(["single-task", "joint", "joint-equal-steps", "selective"], result.Contestants.Select(contestant => contestant.Id));
        Assert.All(result.Contestants, contestant => Assert.Equal([4UL, 9UL], contestant.Runs.Select(run => run.Seed)));
        Assert.Equal(2 * (3 + 3), trainer.Calls.Count);
        foreach (var calls in trainer.Calls.GroupBy(call => call.Options.Seed))
        {
            Assert.Single(calls.Select(call => string.Join(' ', call.Split.Train)).Distinct());
            Assert.Single(calls.Where(call => call.Data.Tasks.Count == 3).Select(call => string.Join(' ', call.Split.Test)).Distinct());
        }

        Assert.NotEqual(trainer.Calls[0].Split.Train, trainer.Calls[^1].Split.Train);
        Assert.True(result.Complete);
    }

    [Fact]
    public void A_single_task_network_sees_its_own_task_and_is_judged_on_its_own_labels()
    {
        var trainer = new ScriptedTrainer();

        Run(trainer, new PilotOptions
        {
            Seeds = [0],
            Training = new TrainingOptions { Losses = new Dictionary<string, LossSpecification> { ["task1"] = new() { Kind = LossKind.Huber } } },
        });

        var singles = trainer.Calls.Take(3).ToArray();
        Assert.Equal(["task0", "task1", "task2"], singles.Select(call => call.Data.Tasks.Single().Name));
        Assert.All(singles, call => Assert.IsType<JointOptions>(call.Options.Strategy));
        Assert.Equal([0, 1, 0], singles.Select(call => call.Options.Losses.Count));
        Assert.All(singles[2].Split.Test.Concat(singles[2].Split.Validation), row => Assert.False(double.IsNaN(Data.Labels(2)[row])));
    }

    [Fact]
    public void Equal_steps_takes_the_budget_of_the_candidate_of_its_seed_and_does_not_stop_early()
    {
        var trainer = new ScriptedTrainer();

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [1, 2], Training = new TrainingOptions { Epochs = 7 } });

        TrainingOptions[] budgets = [.. trainer.Calls.Select(call => call.Options).Where(options => options.OptimizerStepBudget is not null)];
        Assert.Equal([26L, 27L], budgets.Select(options => options.OptimizerStepBudget!.Value));
        Assert.All(budgets, options =>
        {
            Assert.Null(options.Epochs);
            Assert.False(options.EarlyStopping.Enabled);
            Assert.IsType<JointOptions>(options.Strategy);
        });
        Assert.Equal(26.5, result.Find("joint-equal-steps")!.OptimizerSteps.Mean);
        Assert.All(trainer.Calls.Where(call => call.Options.OptimizerStepBudget is null), call => Assert.Equal(7, call.Options.Epochs));
    }

    [Fact]
    public void Joint_training_is_the_method_under_test_when_there_is_no_other()
    {
        PilotResult result = Run(new ScriptedTrainer(), new PilotOptions { Seeds = [0], Strategies = [] });

        Assert.Equal(["single-task", "joint"], result.Contestants.Select(contestant => contestant.Id));
        Assert.Equal(("joint", "single-task"), (result.Comparisons.Single().Candidate, result.Comparisons.Single().Baseline));
    }

    [Fact]
    public void Equal_time_is_added_on_request_with_the_time_of_the_candidate()
    {
        var trainer = new ScriptedTrainer();

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [0], EqualTime = true });

        Assert.NotNull(result.Find("joint-equal-time"));
        Assert.Equal(TimeSpan.FromSeconds(3), trainer.Calls[^1].Options.TimeBudget);
    }

    [Fact]
    public void The_options_of_a_strategy_are_those_of_the_shared_options_where_they_name_it()
    {
        var trainer = new ScriptedTrainer();

        Run(trainer, new PilotOptions { Seeds = [0], Training = new TrainingOptions { Strategy = new SelectiveOptions { WarmupBatches = 17 } } });

        Assert.Equal(17, trainer.Calls.Select(call => call.Options.Strategy).OfType<SelectiveOptions>().Single().WarmupBatches);
    }

    [Fact]
    public void A_diverging_contestant_does_not_end_the_pilot()
    {
        var trainer = new ScriptedTrainer { Reason = (options, _) => options.Strategy.Name == "selective" && options.Seed == 0 ? StopReason.Diverged : null };

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [0, 1] });

        Assert.True(result.Complete);
        Assert.Equal([RunOutcome.Diverged, RunOutcome.Finished], result.Find("selective")!.Runs.Select(run => run.Outcome));
        Assert.Single(result.Find("joint-equal-steps")!.Runs);
        Assert.Contains(result.Notes, note => note.Contains("diverged with seed 0", StringComparison.Ordinal));
        Assert.Contains(result.Notes, note => note.Contains("did not run with seed 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_given_for_a_strategy_win_over_its_defaults()
    {
        var trainer = new ScriptedTrainer();

        PilotResult result = Run(trainer, new PilotOptions
        {
            Seeds = [0],
            StrategyOptions = [new SelectiveOptions { WarmupBatches = 5 }, new JointOptions { HeadLearningRateFactor = 2 }],
        });

        Assert.Equal(5, trainer.Calls.Select(call => call.Options.Strategy).OfType<SelectiveOptions>().Single().WarmupBatches);
        Assert.All(trainer.Calls.Select(call => call.Options.Strategy).OfType<JointOptions>(), joint => Assert.Equal(2, joint.HeadLearningRateFactor));
        Assert.Equal(5, result.Find("selective")!.Strategy!.Value.GetProperty("warmupBatches").GetInt32());
        Assert.False(result.Setting.Training.TryGetProperty("strategy", out _));
    }

    [Fact]
    public void A_method_under_test_that_the_engine_gives_up_does_not_end_the_pilot()
    {
        var trainer = new ScriptedTrainer { Failure = options => options.Strategy.Name == "selective" && options.Seed == 1 ? new EngineException(EngineStatus.OutOfMemory, "no room") : null };

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [0, 1] });

        Assert.True(result.Complete);
        PilotRun failed = result.Find("selective")!.Runs[1];
        Assert.Equal((RunOutcome.Failed, "no room"), (failed.Outcome, failed.Error));
        Assert.Equal(1, result.Find("selective")!.DeltaM.Count);
        Assert.Contains(result.Notes, note => note.Contains("Selective updates failed with seed 1: no room", StringComparison.Ordinal));
        Assert.Equal(result.ToJson(), PilotResult.FromJson(result.ToJson()).ToJson());
    }

    [Fact]
    public void A_baseline_that_the_engine_gives_up_ends_the_pilot() => Assert.Throws<EngineException>(() => Run(
        new ScriptedTrainer { Failure = options => options.Strategy.Name == "joint" ? new EngineException(EngineStatus.OutOfMemory, "no room") : null },
        new PilotOptions { Seeds = [0] }));

    [Fact]
    public void A_diverging_single_task_network_costs_its_task_alone()
    {
        var trainer = new ScriptedTrainer { Reason = (_, data) => data.Tasks is [{ Name: "task1" }] ? StopReason.Diverged : null };

        PilotResult result = Run(trainer, new PilotOptions { Seeds = [0] });

        Assert.Equal([1, 0, 1], result.Find("single-task")!.Scores.Select(score => score.Count));
        Assert.Equal(10, result.Find("selective")!.DeltaM.Mean, 9);
        Assert.Contains(result.Notes, note => note.Contains("for task1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void Cancelling_gives_what_was_reached(int call)
    {
        using var cancellation = new CancellationTokenSource();
        var trainer = new ScriptedTrainer { OnCall = number => { if (number == call) cancellation.Cancel(); } };

        PilotResult result = new PilotRunner(new PilotOptions { Seeds = [0, 1] }, trainer, TimeProvider.System).Run(Data, null, cancellation.Token);

        Assert.Equal(call, trainer.Calls.Count);
        Assert.False(result.Complete);
        PilotRun last = Assert.Single(result.Contestants.SelectMany(contestant => contestant.Runs), run => run.Outcome == RunOutcome.Cancelled);
        Assert.Equal(call < 7 ? 0UL : 1UL, last.Seed);
    }

    [Fact]
    public void Affinity_that_was_never_observed_has_no_value()
    {
        double[][] affinity = Run(new ScriptedTrainer(), new PilotOptions { Seeds = [0, 1] }).Find("selective")!.Affinity!;

        Assert.True(double.IsNaN(affinity[0][1]));
        Assert.Equal(0, affinity[1][0]);
    }

    [Fact]
    public void Progress_never_falls_and_ends_at_one()
    {
        var reports = new List<PilotProgress>();

        new PilotRunner(new PilotOptions { Seeds = [0, 1] }, new ScriptedTrainer(), TimeProvider.System).Run(Data, new Collected(reports), TestContext.Current.CancellationToken);

        Assert.Equal(reports.Select(report => report.Fraction).Order(), reports.Select(report => report.Fraction));
        Assert.Equal(1, reports[^1].Fraction, 9);
        Assert.Equal(0, reports[0].Fraction);
        Assert.Equal(["Single-task networks", "Joint training", "Selective updates", "Joint training (equal steps)"],
            reports.Where(report => report.SeedNumber == 2).Select(report => report.Contestant).Distinct());
    }

    [Fact]
    public void One_task_alone_is_refused_in_words()
    {
        DataException exception = Assert.Throws<DataException>(() => Run(new ScriptedTrainer(), new PilotOptions(), Data.WithTasks(1)));

        Assert.Contains("at least two", exception.Message, StringComparison.Ordinal);
        Assert.Contains("task1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_a_pilot_cannot_follow_are_refused_by_name()
    {
        Refused("Seeds", new PilotOptions { Seeds = [] });
        Refused("Seeds", new PilotOptions { Seeds = [1, 1] });
        Refused("Strategies", new PilotOptions { Strategies = ["selective", "Selective"] });
        Refused("StrategyOptions", new PilotOptions { StrategyOptions = [new JointOptions(), new JointOptions()] });
        Refused("Decay", new PilotOptions { StrategyOptions = [new SelectiveOptions { Decay = 2 }] });
        Refused("Strategy", new PilotOptions { Strategies = ["no such"] });
        Refused("TestFraction", new PilotOptions { Training = new TrainingOptions { Split = new SplitOptions { TestFraction = 0 } } });
        Refused("TimeBudget", new PilotOptions { Training = new TrainingOptions { TimeBudget = TimeSpan.FromSeconds(1) } });
        Refused("OptimizerStepBudget", new PilotOptions { Training = new TrainingOptions { OptimizerStepBudget = 5 } });
        Refused("InitialWeights", new PilotOptions { Training = new TrainingOptions { InitialWeights = "w.safetensors" } });
        Refused("LearningRate", new PilotOptions { Training = new TrainingOptions { LearningRate = -1 } });

        static void Refused(string option, PilotOptions options) =>
            Assert.Equal(option, Assert.Throws<InvalidOptionException>(() => new PilotRunner(options)).Option);
    }

    private static PilotResult Run(ScriptedTrainer trainer, PilotOptions options, MultiTaskData? data = null) =>
        new PilotRunner(options, trainer, TimeProvider.System).Run(data ?? Data, null, TestContext.Current.CancellationToken);

    private static MultiTaskData Toy(int tasks, int rows, Func<int, int, bool> missing)
    {
        var inputs = new double[rows, 2];
        var labels = new double[rows, tasks];
        for (int row = 0; row < rows; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (Math.Sin(row), Math.Cos(2.0 * row));
            for (int task = 0; task < tasks; task++)
                labels[row, task] = missing(row, task) ? double.NaN : inputs[row, task % 2] + 0.1 * task * row;
        }

        return MultiTaskData.FromArrays(inputs, labels);
    }

    private sealed class Collected(List<PilotProgress> reports) : IProgress<PilotProgress>
    {
        public void Report(PilotProgress value) => reports.Add(value);
    }
}
