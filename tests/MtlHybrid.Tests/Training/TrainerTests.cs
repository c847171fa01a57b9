using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Evaluation;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class TrainerTests
{
    [Theory]
    [InlineData("joint")]
    [InlineData("selective")]
    public void Training_learns_every_task(string strategy)
    {
        MultiTaskData data = SmallData.Create(400);
        using TrainingResult result = new Trainer(SmallData.Options(strategy) with { Epochs = 40 }).Train(data);
        Assert.Equal(3, result.Test.Count);
        double r2 = result.Test[0].Metrics[MetricCatalog.R2.Name];
        double auc = result.Test[1].Metrics[MetricCatalog.RocAuc.Name];
        double accuracy = result.Test[2].Metrics[MetricCatalog.Accuracy.Name];
        Assert.True(r2 > 0.9 && auc > 0.97 && accuracy > 0.85, $"R2 {r2}, AUC {auc}, accuracy {accuracy}");
    }

    [Theory]
    [InlineData("joint")]
    [InlineData("selective")]
    public void Two_runs_with_one_seed_are_bit_identical_and_another_seed_differs(string strategy)
    {
        MultiTaskData data = SmallData.Create(missing: 0.2);
        TrainingOptions options = SmallData.Options(strategy) with { Model = new MlpOptions { Hidden = [16, 12], Dropout = 0.2 } };
        using TrainingResult first = new Trainer(options).Train(data);
        using TrainingResult second = new Trainer(options).Train(data);
        using TrainingResult other = new Trainer(options with { Seed = 6 }).Train(data);
        Assert.Equal(SmallData.Weights(first), SmallData.Weights(second));
        Assert.NotEqual(SmallData.Weights(first), SmallData.Weights(other));
        Assert.Equal(first.History.Groups.Select(g => (g.Batch, g.Groups)), second.History.Groups.Select(g => (g.Batch, g.Groups)));
        if (strategy == "joint") return;
        Assert.Equal(first.History.Affinity!.Values, second.History.Affinity!.Values);
        Assert.NotEqual(first.History.Affinity!.Values, other.History.Affinity!.Values);
    }

    [Fact]
    public void The_order_of_rows_changes_only_when_shuffling_is_on()
    {
        MultiTaskData data = SmallData.Create();
        DataSplit split = Splitter.Split(data, new SplitOptions(), 5);
        var reversed = split with { Train = [.. split.Train.Reverse()] };
        TrainingOptions options = SmallData.Options() with { Shuffle = false };
        using TrainingResult forward = new Trainer(options).Train(data, split);
        using TrainingResult backward = new Trainer(options).Train(data, reversed);
        Assert.NotEqual(SmallData.Weights(forward), SmallData.Weights(backward));
        Assert.Equal(8 * 5, forward.Batches);
    }

    [Fact]
    public void The_weights_of_the_best_validation_epoch_are_kept()
    {
        // A rate so high that the score jumps about: the last epoch is rarely the best.
        TrainingOptions options = SmallData.Options() with { LearningRate = 0.05, Epochs = 25, EarlyStopping = new() { Enabled = false } };
        MultiTaskData data = SmallData.Create();
        using TrainingResult result = new Trainer(options).Train(data);
        EpochRecord best = result.History.Epochs.MinBy(epoch => epoch.ValidationScore)!;
        Assert.True(best.Best);
        Assert.NotEqual(25, best.Epoch);
        Assert.Equal(25, result.History.Epochs.Count);
        using TrainingResult stopped = new Trainer(options with { Epochs = best.Epoch }).Train(data);
        Assert.Equal(SmallData.Weights(stopped), SmallData.Weights(result));
    }

    [Fact]
    public void Training_stops_when_patience_runs_out()
    {
        TrainingOptions options = SmallData.Options() with { LearningRate = 0.05, Epochs = 500, EarlyStopping = new() { Patience = 3 } };
        using TrainingResult result = new Trainer(options).Train(SmallData.Create());
        Assert.Equal(StopReason.EarlyStopping, result.StopReason);
        int best = result.History.Epochs.Last(epoch => epoch.Best).Epoch;
        Assert.Equal(best + 3, result.History.Epochs.Count);
    }

    [Fact]
    public void Batches_and_optimizer_steps_can_be_budgeted()
    {
        MultiTaskData data = SmallData.Create();
        TrainingOptions options = SmallData.Options("selective") with { Epochs = null, EarlyStopping = new() { Enabled = false } };
        using TrainingResult batches = new Trainer(options with { Steps = 7 }).Train(data);
        Assert.Equal((7, 21, StopReason.Completed), (batches.Batches, batches.OptimizerSteps, batches.StopReason));
        using TrainingResult steps = new Trainer(SmallData.Options() with { Epochs = null, OptimizerStepBudget = 21 }).Train(data);
        Assert.Equal((21, 21, StopReason.StepBudget), (steps.Batches, steps.OptimizerSteps, steps.StopReason));
        using TrainingResult time = new Trainer(SmallData.Options() with { Epochs = null, TimeBudget = TimeSpan.FromMilliseconds(30), EarlyStopping = new() { Enabled = false } }).Train(data);
        Assert.Equal(StopReason.TimeBudget, time.StopReason);
        Assert.True(time.History.Epochs[^1].Seconds >= 0.03, $"{time.History.Epochs[^1].Seconds} s");
    }

    [Fact]
    public void Cancelling_returns_what_was_reached()
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.Epoch == 3 && report.EpochEnded) source.Cancel();
        });
        using TrainingResult result = new Trainer(SmallData.Options() with { Epochs = 1000 }).Train(SmallData.Create(), progress, source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(15, result.Batches);
        Assert.True(double.IsFinite(result.Test[0].Metrics[MetricCatalog.Rmse.Name]));
    }

    [Fact]
    public void Progress_is_told_with_losses_groups_and_time_left()
    {
        var reports = new List<TrainingProgress>();
        using TrainingResult result = new Trainer(SmallData.Options("selective")).Train(SmallData.Create(), new Recorder(reports.Add));
        TrainingProgress last = reports.Last(report => report.EpochEnded);
        Assert.Equal((8, 8, 40L, 1.0), (last.Epoch, last.Epochs!.Value, last.Batch, last.Fraction));
        Assert.Equal(TimeSpan.Zero, last.Remaining);
        Assert.All(last.TrainLosses.Concat(last.ValidationLosses), loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal(result.History.Groups[^1].Groups, last.Groups);
    }

    [Fact]
    public void A_diverging_run_says_so_and_keeps_finite_weights()
    {
        TrainingOptions options = SmallData.Options() with { LearningRate = 1e6, Optimizer = new OptimizerOptions { Kind = OptimizerKind.Sgd }, Epochs = 50 };
        using TrainingResult result = new Trainer(options).Train(SmallData.Create());
        Assert.Equal(StopReason.Diverged, result.StopReason);
        Assert.All(SmallData.Weights(result), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_reduced_with_a_note()
    {
        using TrainingResult result = new Trainer(SmallData.Options() with { BatchSize = 100_000 }).Train(SmallData.Create());
        Assert.Equal(8, result.Batches);
        Assert.Contains(result.Notes, note => note.Contains("100000", StringComparison.Ordinal));
    }

    [Fact]
    public void Groups_are_singletons_during_warm_up_and_recorded_when_they_change()
    {
        using TrainingResult result = new Trainer(SmallData.Options("selective") with { Epochs = 30, EarlyStopping = new() { Enabled = false } }).Train(SmallData.Create());
        Assert.Equal(0, result.History.Groups[0].Batch);
        Assert.Equal(3, result.History.Groups[0].Groups.Count);
        Assert.All(result.History.Groups.Skip(1), record => Assert.True(record.Batch > 10 && (record.Batch - 11) % 3 == 0));
        Assert.All(result.History.Groups.Zip(result.History.Groups.Skip(1)), pair => Assert.NotEqual(pair.First.Groups, pair.Second.Groups));
    }

    [Fact]
    public void A_single_task_trains_with_every_strategy()
    {
        var data = MultiTaskData.FromArrays(
            new double[,] { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 }, { 7 }, { 8 }, { 9 }, { 10 } },
            new double[,] { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 }, { 7 }, { 8 }, { 9 }, { 10 } });
        foreach (StrategyDescription strategy in StrategyCatalog.All)
        {
            using TrainingResult result = new Trainer(new TrainingOptions { Epochs = 3, Strategy = strategy.Defaults }).Train(data);
            Assert.True(double.IsFinite(result.Test[0].Metrics[MetricCatalog.Rmse.Name]), strategy.Name);
        }
    }

    [Fact]
    public void Losses_can_be_chosen_by_task_and_must_fit_it()
    {
        MultiTaskData data = SmallData.Create();
        TrainingOptions options = SmallData.Options() with
        {
            Losses = new Dictionary<string, LossSpecification> { ["r"] = new() { Kind = LossKind.Huber }, ["b"] = new() { Kind = LossKind.BinaryCrossEntropy, PositiveWeight = 3 } },
        };
        using (TrainingResult result = new Trainer(options).Train(data))
            Assert.Equal(LossKind.Huber, result.Model.Graph.Outputs[0].Loss.Kind);
        var wrong = options with { Losses = new Dictionary<string, LossSpecification> { ["b"] = new() { Kind = LossKind.Huber } } };
        Assert.Contains("[b]", Assert.Throws<InvalidOptionException>(() => new Trainer(wrong).Train(data)).Message, StringComparison.Ordinal);
        var unknown = options with { Losses = new Dictionary<string, LossSpecification> { ["z"] = new() } };
        Assert.Contains("z", Assert.Throws<InvalidOptionException>(() => new Trainer(unknown).Train(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("batch")]
    [InlineData("epochs")]
    [InlineData("decay")]
    public void Options_out_of_range_are_refused_before_any_work(string what)
    {
        TrainingOptions good = SmallData.Options();
        TrainingOptions bad = what switch
        {
            "rate" => good with { LearningRate = -1 },
            "batch" => good with { BatchSize = 0 },
            "epochs" => good with { Epochs = 0 },
            _ => good with { Strategy = new SelectiveOptions { Decay = double.NaN } },
        };
        Assert.Throws<InvalidOptionException>(() => new Trainer(bad));
    }

    private sealed class Recorder(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
