using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

/// <summary>Every strategy in whole training runs.</summary>
public sealed class StrategyTrainerTests
{
    public static TheoryData<string> Names => [.. StrategyCatalog.All.Select(entry => entry.Name)];

    public static TheoryData<string> OneStepPerBatch =>
        [.. StrategyCatalog.All.Where(entry => entry.Defaults is not (JointOptions or SelectiveOptions)).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_learns_every_task(string name)
    {
        TrainingOptions options = SmallData.Options() with { Strategy = StrategyCatalog.Find(name).Defaults, Epochs = 40 };
        using TrainingResult result = new Trainer(options).Train(SmallData.Create(400));
        double r2 = result.Test[0].Metrics[MetricCatalog.R2.Name];
        double auc = result.Test[1].Metrics[MetricCatalog.RocAuc.Name];
        double accuracy = result.Test[2].Metrics[MetricCatalog.Accuracy.Name];
        Assert.True(r2 > 0.85 && auc > 0.97 && accuracy > 0.85, $"R2 {r2}, AUC {auc}, accuracy {accuracy}");
    }

    [Theory]
    [MemberData(nameof(OneStepPerBatch))]
    public void Two_runs_with_one_seed_and_missing_labels_are_bit_identical_and_differ_from_joint_training(string name)
    {
        MultiTaskData data = SmallData.Create(missing: 0.2);
        TrainingOptions joint = SmallData.Options() with { Model = new MlpOptions { Hidden = [16, 12], Dropout = 0.2 } };
        TrainingOptions options = joint with { Strategy = StrategyCatalog.Find(name).Defaults };
        using TrainingResult first = new Trainer(options).Train(data);
        using TrainingResult second = new Trainer(options).Train(data);
        using TrainingResult other = new Trainer(joint).Train(data);
        Assert.Equal(SmallData.Weights(first), SmallData.Weights(second));
        Assert.NotEqual(SmallData.Weights(first), SmallData.Weights(other));
        Assert.Single(first.History.Groups);
    }
}
