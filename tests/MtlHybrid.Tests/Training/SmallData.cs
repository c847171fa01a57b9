using MtlHybrid.Data;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Training;

namespace MtlHybrid.Tests.Training;

/// <summary>A small learnable problem and options that train it within a moment.</summary>
internal static class SmallData
{
    public static MultiTaskData Create(int rows = 120, double missing = 0)
    {
        var random = new Random(11);
        var inputs = new double[rows, 4];
        var labels = new double[rows, 3];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 4; column++) inputs[row, column] = 10 + 3 * random.NextDouble();
            double a = inputs[row, 0] - 11.5;
            double b = inputs[row, 1] - 11.5;
            labels[row, 0] = 100 + 20 * (a + a * b);
            labels[row, 1] = a + b > 0 ? 1 : 0;
            labels[row, 2] = a > 0.5 ? 2 : b > 0 ? 1 : 0;
            for (int task = 0; task < 3; task++)
                if (random.NextDouble() < missing) labels[row, task] = double.NaN;
        }

        return MultiTaskData.FromArrays(
            inputs, labels, [TaskDefinition.Regression("r"), TaskDefinition.Binary("b"), TaskDefinition.MultiClass("m", 3)]);
    }

    public static TrainingOptions Options(string strategy = "joint") => new()
    {
        Epochs = 8,
        BatchSize = 16,
        LearningRate = 0.01,
        Seed = 5,
        Model = new MlpOptions { Hidden = [16, 12] },
        Strategy = strategy == "joint" ? new JointOptions() : new SelectiveOptions { WarmupBatches = 10, RegroupInterval = 3 },
    };

    public static float[] Weights(TrainingResult result)
    {
        var values = new float[result.Model.Network.ParameterCount];
        result.Model.Network.Read(MtlHybrid.Engine.NetworkBuffer.Parameters, 0, values);
        return values;
    }
}
