using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

/// <summary>A training step allocates nothing on the managed heap, regrouping excepted.</summary>
public sealed class StepAllocationTests : IDisposable
{
    private const int Rows = 240;
    private readonly MultiTaskData _data = SmallData.Create(Rows);
    private readonly Device _device = Device.Open(new DeviceOptions { Threads = 1 });
    private readonly DataEncoder _encoder;
    private readonly ModelGraph _graph;
    private readonly DeviceDataset _dataset;
    private readonly int[] _rows = [.. Enumerable.Range(0, Rows)];

    public StepAllocationTests()
    {
        _encoder = DataEncoder.Fit(_data, _rows);
        EncodedData encoded = _encoder.Encode(_data);
        _graph = SharedTrunkMlp.Build(_encoder.FeatureCount, [], _data.Tasks, losses: null, new MlpOptions { Hidden = [16, 12] });
        _dataset = DeviceDataset.Create(_device, Rows, encoded.Features, 0, 3, encoded.FeatureValues, [], encoded.Labels);
    }

    public static TheoryData<StrategyOptions> Strategies => [.. All()];

    public void Dispose()
    {
        _dataset.Dispose();
        _device.Dispose();
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_batch_of_a_strategy_allocates_nothing(StrategyOptions options)
    {
        using Network network = Compile();
        IStrategy strategy = options.Create();
        strategy.Prepare(network, new StrategyContext(["r", "b", "m"], Seed: 1, NullLogger.Instance));
        long Allocated(int first)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int batch = first; batch < first + 50; batch++)
            {
                network.BeginBatch(_dataset, _rows.AsSpan(batch % 100, 60), (ulong)batch);
                strategy.RunBatch(network, new BatchContext(batch, 0.01));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(0);
        Assert.Equal(0, Allocated(50));
    }

    // Two runs that differ in the number of batches alone: what is allocated per run and per epoch is the same.
    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_batch_of_the_training_loop_allocates_nothing(StrategyOptions options)
    {
        long Allocated(int batchSize)
        {
            using Network network = Compile();
            TrainingOptions training = SmallData.Options() with { Strategy = options, Epochs = 3 };
            var loop = new TrainingLoop(
                training, network, _dataset, _data, _graph, _rows, [], batchSize, NullLogger.Instance, TimeProvider.System);
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run(progress: null, CancellationToken.None);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(3 * Rows / batchSize, loop.Batches);
            return bytes;
        }

        Allocated(60);
        // The runtime allocates now and then on this thread on its own account; what batches allocate, they allocate every time.
        long Least(int batchSize) => Enumerable.Range(0, 3).Min(_ => Allocated(batchSize));
        Allocated(4);
        Assert.Equal(Least(60), Least(4));
    }

    private static IEnumerable<StrategyOptions> All()
    {
        yield return new JointOptions();
        yield return new SelectiveOptions { WarmupBatches = 100_000, MeasureLastGroup = true };
        yield return new SelectiveOptions { WarmupBatches = 100_000, Grouping = "fixed", FixedGroups = [["r", "b"], ["m"]], Order = GroupOrder.RoundRobin };
        foreach (StrategyDescription weighting in StrategyCatalog.All.Where(entry => entry.Defaults is WeightingOptions)) yield return weighting.Defaults;
    }

    private Network Compile() => Network.Compile(_device, _graph, maxBatch: 60, seed: 1);
}
