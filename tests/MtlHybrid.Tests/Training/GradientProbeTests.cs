using MtlHybrid.Data;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Diagnostics;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class GradientProbeTests
{
    public static TheoryData<string> Names => [.. StrategyCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Measuring_gradients_changes_no_bit_of_the_training(string name)
    {
        MultiTaskData data = SmallData.Create(missing: 0.3);
        TrainingOptions options = SmallData.Options() with
        {
            Epochs = 4,
            BatchSize = 8,
            Model = new MlpOptions { Hidden = [16, 12], Dropout = 0.2 },
            Strategy = name == "selective" ? new SelectiveOptions { WarmupBatches = 10, RegroupInterval = 3 } : StrategyCatalog.Find(name).Defaults,
        };

        using TrainingResult plain = new Trainer(options).Train(data);
        using TrainingResult measured = new Trainer(options with { DiagnosticsInterval = 3 }).Train(data);

        using TrainingResult sketched = new Trainer(options with { DiagnosticsInterval = 3, DiagnosticsDirections = 2 }).Train(data);

        Assert.Equal(SmallData.Weights(plain), SmallData.Weights(measured));
        Assert.Equal(SmallData.Weights(plain), SmallData.Weights(sketched));
        Assert.Equal(plain.History.Epochs.Select(epoch => epoch.TrainLosses), measured.History.Epochs.Select(epoch => epoch.TrainLosses));
        Assert.Equal(plain.History.Affinity?.Values, measured.History.Affinity?.Values);
        Assert.Null(plain.History.Gradients);
    }

    [Fact]
    public void Every_nth_batch_is_measured_and_an_epoch_has_its_own_means()
    {
        using TrainingResult result = new Trainer(SmallData.Options() with { DiagnosticsInterval = 4 }).Train(SmallData.Create());

        GradientReport all = result.History.Gradients!;
        GradientReport[] epochs = [.. result.History.Epochs.Select(epoch => epoch.Gradients).OfType<GradientReport>()];
        Assert.Equal((result.Batches + 3) / 4, all.Batches);
        Assert.Equal(all.Batches, epochs.Sum(report => report.Batches));
        Assert.Equal(epochs.Sum(report => report.Batches * report.Norms[0]) / all.Batches, all.Norms[0], 9);
        Assert.All(all.Norms, norm => Assert.True(norm > 0));
        Assert.All(Enumerable.Range(0, 3), task => Assert.Equal(1, all.Cosines[task][task], 12));
    }

    [Fact]
    public void Weights_are_those_of_the_strategy_and_joint_training_has_none()
    {
        TrainingOptions options = SmallData.Options() with { DiagnosticsInterval = 1 };
        using TrainingResult joint = new Trainer(options).Train(SmallData.Create());
        using TrainingResult random = new Trainer(options with { Strategy = StrategyCatalog.Find("rlw").Defaults }).Train(SmallData.Create());

        Assert.All(joint.History.Gradients!.Weights, weight => Assert.True(double.IsNaN(weight)));
        // Drawn so that they sum to the number of tasks.
        Assert.Equal(3, random.History.Gradients!.Weights.Sum(), 9);
    }

    [Fact]
    public void Estimated_diagnostics_come_near_the_exact_ones()
    {
        TrainingOptions options = SmallData.Options() with { DiagnosticsInterval = 1, LearningRate = 1e-6 };
        using TrainingResult exact = new Trainer(options).Train(SmallData.Create());
        using TrainingResult sketched = new Trainer(options with { DiagnosticsDirections = 50 }).Train(SmallData.Create());
        GradientReport expected = exact.History.Gradients!, actual = sketched.History.Gradients!;

        Assert.Equal(expected.Batches, actual.Batches);
        for (int task = 0; task < 3; task++)
        {
            // Means of norms against roots of mean squares: these are the larger ones.
            Assert.InRange(actual.Norms[task] / expected.Norms[task], 0.9, 1.6);
            Assert.Equal(1, actual.Cosines[task][task], 12);
        }

        Assert.True(actual.ConditionNumber >= 1);
        Assert.InRange(actual.Stationarity, 0, 1);
        Assert.True(Math.Abs(actual.MeanCosine - expected.MeanCosine) < 0.25, $"{actual.MeanCosine} instead of {expected.MeanCosine}");
    }

    [Fact]
    public void Labels_that_are_never_together_have_no_cosine()
    {
        var inputs = new double[60, 2];
        var labels = new double[60, 2];
        for (int row = 0; row < 60; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (Math.Sin(row), Math.Cos(row));
            (labels[row, 0], labels[row, 1]) = row % 2 == 0 ? (inputs[row, 0], double.NaN) : (double.NaN, inputs[row, 1]);
        }

        using TrainingResult result = new Trainer(SmallData.Options() with { BatchSize = 1, Epochs = 1, DiagnosticsInterval = 1 }).Train(MultiTaskData.FromArrays(inputs, labels));

        GradientReport report = result.History.Gradients!;
        Assert.True(double.IsNaN(report.Cosines[0][1]));
        Assert.True(double.IsNaN(report.MeanCosine));
        Assert.True(report.Norms[0] > 0 && report.Norms[1] > 0 && report.Stationarity > 0);
    }
}
