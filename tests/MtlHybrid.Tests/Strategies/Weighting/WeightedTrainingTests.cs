using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;
using MtlHybrid.Tests.Training;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>Weightings on a network: what they are told and what their weights do.</summary>
public sealed class WeightedTrainingTests : IDisposable
{
    private const int Rows = 120;
    private const double Rate = 0.01;
    private readonly MultiTaskData _data = SmallData.Create(Rows, missing: 0.3);
    private readonly Device _device = Device.Open(new DeviceOptions { Threads = 1 });
    private readonly DataEncoder _encoder;
    private readonly DeviceDataset _dataset;

    public WeightedTrainingTests()
    {
        _encoder = DataEncoder.Fit(_data, [.. Enumerable.Range(0, Rows)]);
        EncodedData encoded = _encoder.Encode(_data);
        _dataset = DeviceDataset.Create(_device, Rows, encoded.Features, 0, 3, encoded.FeatureValues, [], encoded.Labels);
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _device.Dispose();
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adam)]
    public void Constant_weights_train_as_joint_training_does_with_these_weights_of_the_losses(OptimizerKind optimizer)
    {
        double[] weights = [0.25, 1.5, 3];
        float[] joint = Train(new JointOptions { HeadLearningRateFactor = 0.5 }, optimizer, weights);
        float[] weighted = Train(new ScriptedWeightingOptions(weights) { HeadLearningRateFactor = 0.5 }, optimizer, [1, 1, 1]);
        float[] plain = Train(new JointOptions { HeadLearningRateFactor = 0.5 }, optimizer, [1, 1, 1]);
        AssertClose(joint, weighted);
        Assert.Throws<Xunit.Sdk.TrueException>(() => AssertClose(plain, weighted));
    }

    [Fact]
    public void Weights_of_the_losses_multiply_the_weights_of_the_batch() => AssertClose(
        Train(new JointOptions(), OptimizerKind.Sgd, [0.5, 6, 1.5]),
        Train(new ScriptedWeightingOptions([0.25, 2, 3]), OptimizerKind.Sgd, [2, 3, 0.5]));

    [Fact]
    public void Without_a_factor_for_heads_they_stay()
    {
        using Network network = Compile([1, 1, 1], dropout: 0);
        float[] before = Engine.SmallProblem.Parameters(network);
        Run(network, new ScriptedWeightingOptions([1, 1, 1]) { HeadLearningRateFactor = 0 }, batches: 3);
        float[] after = Engine.SmallProblem.Parameters(network);
        (long _, long shared) = network.Slice(-1);
        Assert.NotEqual(before[..(int)shared], after[..(int)shared]);
        Assert.Equal(before[(int)shared..], after[(int)shared..]);
    }

    [Fact]
    public void A_weighting_is_told_the_losses_before_and_after_the_step()
    {
        using Network network = Compile([1, 1, 1], dropout: 0);
        var script = new ScriptedWeightingOptions([1, 1, 1], MeasuresAfterStep: true);
        Run(network, script, batches: 2, rate: 0.1, sameRows: true);
        Assert.Equal([LossKind.MeanSquare, LossKind.BinaryCrossEntropy, LossKind.SoftmaxCrossEntropy], script.Kinds);
        // On the same rows, without dropout, what follows the first step is what the second batch starts from.
        Assert.Equal(script.After[0], script.Before[1]);
        Assert.True(script.After[0].Sum() < script.Before[0].Sum(), $"{script.After[0].Sum()} after {script.Before[0].Sum()}");
        // Training losses are those before the steps.
        var sums = new double[3];
        var counts = new long[3];
        network.TakeLossTotals(sums, counts);
        WeightingRun.AssertClose([.. script.Before[0].Zip(script.Before[1], (a, b) => a + b)], sums, 1e-6);
        Assert.Equal([2L, 2, 2], counts);
    }

    [Fact]
    public void Without_need_the_losses_are_not_measured_after_the_step()
    {
        using Network network = Compile([1, 1, 1], dropout: 0);
        var script = new ScriptedWeightingOptions([1, 1, 1]);
        Run(network, script, batches: 2);
        Assert.Equal((2, 0), (script.Before.Count, script.After.Count));
    }

    [Fact]
    public void A_batch_without_a_label_of_a_task_leaves_its_head()
    {
        using Network network = Compile([1, 1, 1], dropout: 0);
        EncodedData encoded = _encoder.Encode(_data);
        int[] rows = [.. Enumerable.Range(0, Rows).Where(row => float.IsNaN(encoded.Labels[3 * row + 1]))];
        float[] before = Engine.SmallProblem.Parameters(network);
        IStrategy strategy = new ScaleInvariantOptions().Create();
        strategy.Prepare(network, Context());
        network.BeginBatch(_dataset, rows, 0);
        strategy.RunBatch(network, new BatchContext(0, Rate));
        float[] after = Engine.SmallProblem.Parameters(network);
        for (int task = 0; task < 3; task++)
        {
            (long offset, long count) = network.Slice(task);
            Range slice = (int)offset..(int)(offset + count);
            Assert.Equal(task != 1, !before[slice].SequenceEqual(after[slice]));
        }
    }

    private static StrategyContext Context() => new(["r", "b", "m"], Seed: 3, NullLogger.Instance);

    private float[] Train(StrategyOptions options, OptimizerKind optimizer, double[] lossWeights)
    {
        using Network network = Compile(lossWeights, dropout: 0.2);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = optimizer, ClipNorm = 0.5 });
        Run(network, options, batches: 12);
        return Engine.SmallProblem.Parameters(network);
    }

    private void Run(Network network, StrategyOptions options, int batches, double rate = Rate, bool sameRows = false)
    {
        IStrategy strategy = options.Create();
        strategy.Prepare(network, Context());
        for (int batch = 0; batch < batches; batch++)
        {
            int[] rows = [.. Enumerable.Range(sameRows ? 0 : 7 * batch, 30)];
            network.BeginBatch(_dataset, rows, (ulong)batch);
            strategy.RunBatch(network, new BatchContext(batch, rate));
        }
    }

    private Network Compile(double[] lossWeights, double dropout)
    {
        LossSpecification[] losses = [.. _data.Tasks.Zip(lossWeights, (task, weight) => LossSpecification.DefaultFor(task.Kind) with { Weight = weight })];
        ModelGraph graph = SharedTrunkMlp.Build(_encoder.FeatureCount, [], _data.Tasks, losses, new MlpOptions { Hidden = [16, 12], Dropout = dropout });
        return Network.Compile(_device, graph, maxBatch: Rows, seed: 1);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        double error = expected.Zip(actual, (x, y) => Math.Abs((double)x - y)).Max();
        Assert.True(error <= 2e-5, $"parameters differ by up to {error}");
    }
}
