using System.Diagnostics;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Speed;

/// <summary>
/// What a machine does: the rate of its matrix products, and training and prediction of four perceptrons, from tiny to large:
/// 21 inputs, three shared hidden layers with ReLU, 7 linear heads with the mean square loss, Adam, random data.
/// </summary>
public static class SpeedTest
{
    /// <summary>Rows, columns and depth of the matrix products that training is compared with.</summary>
    public const int ProductSize = 1024;

    /// <summary>Inputs of each network.</summary>
    public const int Features = 21;

    /// <summary>Tasks of each network.</summary>
    public const int TaskCount = 7;

    /// <summary>Groups of the selective step.</summary>
    public const int GroupCount = 3;

    /// <summary>Timings of each number; the median counts.</summary>
    public const int Repeats = 7;

    private const int DataRows = 8192;
    private static readonly UpdateOptions Update = new(SharedLearningRate: 1e-4, HeadLearningRate: 1e-4);
    private static readonly int[][] Together = [[0, 1, 2, 3, 4, 5, 6]];
    private static readonly int[][] Groups = [[0, 1, 2], [3, 4], [5, 6]];

    /// <summary>Rows per batch and hidden width of the networks.</summary>
    public static IReadOnlyList<(int Batch, int Hidden)> Sizes { get; } = [(64, 128), (256, 256), (256, 512), (1024, 512)];

    /// <summary>About how long a test takes.</summary>
    public static TimeSpan TotalTime(SpeedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Five products of the yardstick take a tenth of a second on one thread of a usual processor.
        double products = 2 * Math.Max(options.TimePerNumber.TotalSeconds / 3, 0.1);
        return TimeSpan.FromSeconds((Sizes.Count + 1) * products + Sizes.Count * 2.5 * options.TimePerNumber.TotalSeconds);
    }

    /// <summary>Measures.</summary>
    /// <param name="options">Where, and for how long.</param>
    /// <param name="progress">Told the share that is done, in [0, 1].</param>
    /// <param name="cancel">Ends it between two numbers.</param>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    /// <exception cref="EngineException">The device cannot be had, with the reason.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SpeedReport Run(SpeedOptions options, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int done = 0;
        void Next()
        {
            progress?.Report(done++ / (1.0 + 4 * Sizes.Count));
            cancel.ThrowIfCancellationRequested();
        }

        using Device alone = Device.Open(options.Device with { Threads = 1 });
        using Device device = Device.Open(options.Device);
        using DeviceDataset data = RandomData(device);
        var oneThread = new List<double>();
        var allThreads = new List<double>();
        // Before, between and after the networks, so that both are measured under the same load of the machine.
        void MeasureProducts()
        {
            Next();
            oneThread.Add(ProductRate(alone, options));
            allThreads.Add(device.Threads == 1 ? oneThread[^1] : ProductRate(device, options));
        }

        var networks = new List<NetworkSpeed>();
        foreach ((int batch, int hidden) in Sizes)
        {
            MeasureProducts();
            using Network network = Compile(device, batch, hidden, out ModelGraph graph);
            Next();
            StepSpeed joint = Step(network, graph, data, batch, Together, options);
            Next();
            network.ConfigureAffinity(enabled: true, AffinityCredit.SteppedGroup, decay: 0.001);
            StepSpeed selective = Step(network, graph, data, batch, Groups, options);
            Next();
            networks.Add(new NetworkSpeed(batch, hidden, network.Parameters.Sum(p => (long)p.Rows * p.Columns), joint, selective, Predict(network, options)));
        }

        MeasureProducts();
        return new SpeedReport(device.Description, device.Threads, Median(oneThread), Median(allThreads), networks);
    }

    private static double ProductRate(Device device, SpeedOptions options) =>
        device.MeasureMatrixProductRate(ProductSize, ProductSize, ProductSize, options.TimePerNumber / 3);

    private static Network Compile(Device device, int batch, int hidden, out ModelGraph graph)
    {
        TaskDefinition[] tasks = [.. Enumerable.Range(0, TaskCount).Select(task => new TaskDefinition($"task {task}", TaskKind.Regression, []))];
        var options = new MlpOptions { Hidden = [hidden, hidden, hidden], Activation = Activation.Relu };
        graph = SharedTrunkMlp.Build(Features, [], tasks, losses: null, options);
        Network network = Network.Compile(device, graph, batch, seed: 1);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Adam });
        return network;
    }

    private static DeviceDataset RandomData(Device device)
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
        return DeviceDataset.Create(
            device, DataRows, Features, categoricalColumns: 0, TaskCount, Values(DataRows * Features), [], Values(DataRows * TaskCount));
    }

    private static StepSpeed Step(Network network, ModelGraph graph, DeviceDataset data, int rows, int[][] groups, SpeedOptions options)
    {
        int[] order = [.. Enumerable.Range(0, DataRows)];
        new Random(2).Shuffle(order);
        ulong batch = 0;
        double seconds = MedianSeconds(options.TimePerNumber.TotalSeconds, () =>
        {
            int first = (int)(batch * (ulong)rows % DataRows);
            network.BeginBatch(data, order.AsSpan(first, rows), batch++);
            foreach (int[] group in groups) network.UpdateGroup(group, Update);
        });
        return new StepSpeed(seconds, Repeats, rows, StepFlops.Of(graph, rows, groups));
    }

    private static double Predict(Network network, SpeedOptions options)
    {
        var features = new float[Features];
        var outputs = new float[network.Outputs];
        using var predictor = Predictor.Create(network, maxBatch: 1);
        return MedianSeconds(options.TimePerNumber.TotalSeconds / 2, () => predictor.Predict(features, [], 1, outputs));
    }

    // The median over the repeats of the time of one call; each repeat makes as many calls as fit in its share of `time`.
    private static double MedianSeconds(double time, Action call)
    {
        // Warms up caches, threads and the compiler for a fifth of the time, and counts the calls that fit in it.
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (calls < 3 || Elapsed(start) < time / 5)
        {
            call();
            calls++;
        }

        double each = Elapsed(start) / calls;
        int perRepeat = Math.Max(1, (int)(time * 0.8 / Repeats / each));
        var times = new List<double>();
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < perRepeat; i++) call();
            times.Add(Elapsed(start) / perRepeat);
        }

        return Median(times);
    }

    private static double Median(List<double> values) => MathNet.Numerics.Statistics.Statistics.Median(values);

    private static double Elapsed(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
