using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Affinity;
using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>Four tasks in two true pairs, (0, 1) and (2, 3): inside a pair the targets agree, between the pairs they pull the
/// small shared trunk apart.</summary>
public sealed class FourTaskToyTests(ITestOutputHelper output)
{
    private const int Rows = 512;
    private const int Inputs = 8;
    private const int Warmup = 100;
    private const int Batches = 1100;
    private static readonly ulong[] Seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    private static readonly SelectiveOptions Options = new() { WarmupBatches = Warmup, RegroupInterval = 1, Decay = 0.01 };
    private static readonly TaskGroups TruePairs = TaskGroups.Of([[0, 1], [2, 3]]);

    // Over several seeds: where one run drifts, rounding alone can move the share of a single one by ten points.
    [Fact]
    public void The_default_finds_the_true_pairs_and_the_official_code_does_not()
    {
        double[] ours = [.. Seeds.Select(seed => ShareOfBatchesWithTruePairs(seed, Options))];
        double[] official = [.. Seeds.Select(seed => ShareOfBatchesWithTruePairs(seed, Options with { OfficialCode = true }))];
        output.WriteLine($"true pairs after warm-up, default: {string.Join(", ", ours.Select(share => $"{share:P1}"))}");
        output.WriteLine($"official code: {string.Join(", ", official.Select(share => $"{share:P1}"))}");
        Assert.True(ours.Average() >= 0.8, $"true pairs in {ours.Average():P1} of the batches after warm-up");
        Assert.True(official.Max() < 0.2, $"the official code found the true pairs in {official.Max():P1} of the batches");
    }

    // By an absolute threshold: the signs are right from the first batches on, but affinity propagation, which is relative, at times
    // puts all four together however clear they are.
    [Theory]
    [InlineData(AffinityKind.GradientCosine)]
    [InlineData(AffinityKind.GradientProduct)]
    [InlineData(AffinityKind.LookAhead)]
    public void Other_affinities_find_the_true_pairs_as_well(AffinityKind affinity)
    {
        double[] shares = [.. Seeds.Take(4).Select(seed => ShareOfBatchesWithTruePairs(
            seed, Options with { Affinity = affinity, AffinityInterval = 5, Decay = 0.001, Grouping = "hierarchical" }))];
        output.WriteLine($"true pairs after warm-up, {affinity}: {string.Join(", ", shares.Select(share => $"{share:P1}"))}");
        Assert.True(shares.Min() >= 0.95, $"true pairs in {shares.Min():P1} of the batches after warm-up");
    }

    private static double ShareOfBatchesWithTruePairs(ulong seed, SelectiveOptions options)
    {
        var random = new Random((int)seed);
        var features = new float[Rows * Inputs];
        var labels = new float[Rows * 4];
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Inputs; i++) features[row * Inputs + i] = (float)Normal(random);
            ReadOnlySpan<float> x = features.AsSpan(row * Inputs, Inputs);
            double first = x[0] + x[1] - x[2] * 0.5;
            double second = x[3] - x[4] + x[5] * 0.5 - 0.7 * first;
            labels[row * 4] = (float)(first + 0.1 * Normal(random));
            labels[row * 4 + 1] = (float)(first + 0.1 * Normal(random));
            labels[row * 4 + 2] = (float)(second + 0.1 * Normal(random));
            labels[row * 4 + 3] = (float)(second + 0.1 * Normal(random));
        }

        using Device device = Device.Open(new DeviceOptions { Threads = 1 });
        using DeviceDataset data = DeviceDataset.Create(device, Rows, Inputs, 0, 4, features, [], labels);
        using Network network = Network.Compile(device, Graph(), 32, seed);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Sgd });
        IStrategy strategy = options.Create();
        strategy.Prepare(network, new StrategyContext(["a", "b", "c", "d"], seed, NullLogger.Instance));
        int found = 0;
        var rows = new int[32];
        for (int batch = 0; batch < Batches; batch++)
        {
            for (int i = 0; i < rows.Length; i++) rows[i] = random.Next(Rows);
            network.BeginBatch(data, rows, (ulong)batch);
            strategy.RunBatch(network, new BatchContext(batch, 0.01));
            if (batch > Warmup && strategy.Groups == TruePairs) found++;
        }

        return found / (double)(Batches - Warmup - 1);
    }

    private static ModelGraph Graph()
    {
        var model = new ModelBuilder(4);
        Tensor x = model.Activation(model.Linear(model.DenseInput(Inputs), 6, name: "trunk.0"), Activation.Tanh);
        for (int task = 0; task < 4; task++) model.Output(task, model.Linear(x, 1, task, $"heads.{task}"), new LossSpecification());
        return model.Build();
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
