using BenchmarkDotNet.Attributes;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Benchmarks;

/// <summary>
/// One training step on one batch, from row indices to updated parameters: 21 inputs, three hidden ReLU layers of
/// width H, 7 linear heads with the mean square loss, Adam, random data, all hardware threads.
/// Joint: one update of all tasks. Selective: three group updates with the losses of all tasks and the affinity.
/// </summary>
public class StepBenchmark
{
    private const int Features = 21;
    private const int Tasks = 7;
    private const int Rows = 8192;
    private static readonly UpdateOptions Update = new(SharedLearningRate: 1e-3, HeadLearningRate: 1e-3);
    private static readonly int[] Everyone = [0, 1, 2, 3, 4, 5, 6];
    private static readonly int[][] Groups = [[0, 1, 2], [3, 4], [5, 6]];

    private Device _device = null!;
    private DeviceDataset _data = null!;
    private Network _network = null!;
    private int[] _order = [];
    private ulong _batch;

    /// <summary>The sizes that are timed.</summary>
    public static IReadOnlyList<StepShape> Shapes { get; } = [new(64, 128), new(256, 256), new(256, 512), new(1024, 512)];

    /// <summary>The size being timed.</summary>
    [ParamsSource(nameof(Shapes))]
    public StepShape Shape { get; set; } = Shapes[0];

    /// <summary>Puts the data on the device and compiles the network without affinity.</summary>
    [GlobalSetup(Target = nameof(Joint))]
    public void SetUp()
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows * Features).Select(_ => 2 * random.NextSingle() - 1)];
        float[] labels = [.. Enumerable.Range(0, Rows * Tasks).Select(_ => 2 * random.NextSingle() - 1)];
        _order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(_order);

        TaskDefinition[] tasks = [.. Everyone.Select(task => new TaskDefinition($"task {task}", TaskKind.Regression, []))];
        var options = new MlpOptions { Hidden = [Shape.Hidden, Shape.Hidden, Shape.Hidden], Activation = Activation.Relu };
        _device = Device.Open();
        _data = DeviceDataset.Create(_device, Rows, Features, categoricalColumns: 0, Tasks, features, [], labels);
        _network = Network.Compile(_device, SharedTrunkMlp.Build(Features, [], tasks, losses: null, options), Shape.Batch, seed: 1);
        _network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Adam });
    }

    /// <summary>The same with affinity.</summary>
    [GlobalSetup(Target = nameof(Selective))]
    public void SetUpWithAffinity()
    {
        SetUp();
        _network.ConfigureAffinity(enabled: true, AffinityCredit.SteppedGroup, decay: 0.001);
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void TearDown()
    {
        _network.Dispose();
        _data.Dispose();
        _device.Dispose();
    }

    /// <summary>One joint step.</summary>
    [Benchmark(Baseline = true)]
    public void Joint()
    {
        BeginBatch();
        _network.UpdateGroup(Everyone, Update);
    }

    /// <summary>One selective step of three groups.</summary>
    [Benchmark]
    public void Selective()
    {
        BeginBatch();
        foreach (int[] group in Groups)
            _network.UpdateGroup(group, Update);
    }

    private void BeginBatch()
    {
        int first = (int)(_batch * (ulong)Shape.Batch % Rows);
        _network.BeginBatch(_data, _order.AsSpan(first, Shape.Batch), _batch++);
    }
}
