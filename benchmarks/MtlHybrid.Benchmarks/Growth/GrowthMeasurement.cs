using System.Diagnostics;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Benchmarks.Growth;

/// <summary>
/// Times joint and selective steps of one network: 21 inputs, three hidden ReLU layers, linear heads with the mean square
/// loss, Adam, random data, all hardware threads.
/// </summary>
internal static class GrowthMeasurement
{
    /// <summary>Repeats a median is taken of.</summary>
    public const int Repeats = 7;

    private const int Features = 21;
    private const int Rows = 4096;
    private const double RepeatMilliseconds = 25;
    private static readonly UpdateOptions Update = new(SharedLearningRate: 1e-3, HeadLearningRate: 1e-3);

    /// <summary>Measures one network.</summary>
    public static GrowthPoint Run(Device device, GrowthCase network)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows * Features).Select(_ => 2 * random.NextSingle() - 1)];
        float[] labels = [.. Enumerable.Range(0, Rows * network.Tasks).Select(_ => 2 * random.NextSingle() - 1)];
        int[] order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(order);
        using DeviceDataset data = DeviceDataset.Create(device, Rows, Features, categoricalColumns: 0, network.Tasks, features, [], labels);

        int groups = network.Tasks < 3 ? 1 : 3;
        int[][] everyone = [[.. Enumerable.Range(0, network.Tasks)]];
        int[][] parts = [.. Enumerable.Range(0, groups).Select(group => everyone[0].Where(task => task % groups == group).ToArray())];
        using Network joint = Compile(device, network, affinity: false);
        using Network selective = Compile(device, network, affinity: true);
        Timing jointTiming = new(joint, data, order, network.Batch, everyone);
        Timing selectiveTiming = new(selective, data, order, network.Batch, parts);
        var jointTimes = new List<double>();
        var selectiveTimes = new List<double>();
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            // In turn, so that a machine that slows down slows both.
            jointTimes.Add(jointTiming.Repeat());
            selectiveTimes.Add(selectiveTiming.Repeat());
        }

        return new GrowthPoint(network, jointTimes, selectiveTimes, groups, joint.ParameterCount, selective.MemoryBytes);
    }

    private static Network Compile(Device device, GrowthCase network, bool affinity)
    {
        TaskDefinition[] tasks = [.. Enumerable.Range(0, network.Tasks).Select(task => new TaskDefinition($"task {task}", TaskKind.Regression, []))];
        var options = new MlpOptions { Hidden = [network.Hidden, network.Hidden, network.Hidden] };
        Network compiled = Network.Compile(device, SharedTrunkMlp.Build(Features, [], tasks, losses: null, options), network.Batch, seed: 1);
        compiled.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Adam });
        if (affinity) compiled.ConfigureAffinity(enabled: true, AffinityCredit.SteppedGroup, decay: 0.001);
        return compiled;
    }

    /// <summary>Steps of one network, in repeats of a fixed number of batches that takes about the time of a repeat.</summary>
    private sealed class Timing
    {
        private readonly Network _network;
        private readonly DeviceDataset _data;
        private readonly int[] _order;
        private readonly int _size;
        private readonly int[][] _groups;
        private readonly double[] _losses;
        private readonly int _batches;
        private ulong _batch;

        public Timing(Network network, DeviceDataset data, int[] order, int size, int[][] groups)
        {
            _network = network;
            _data = data;
            _order = order;
            _size = size;
            _groups = groups;
            _losses = new double[network.Tasks];
            Time(3);
            _batches = Math.Clamp((int)(RepeatMilliseconds / Time(5)), 3, 5000);
        }

        public double Repeat() => Time(_batches);

        /// <summary>Milliseconds per batch.</summary>
        private double Time(int batches)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < batches; i++)
            {
                int first = (int)(_batch * (ulong)_size % Rows);
                _network.BeginBatch(_data, _order.AsSpan(first, _size), _batch++);
                foreach (int[] group in _groups)
                    _network.UpdateGroup(group, Update);
            }

            // Waits for devices that work behind the caller's back.
            _network.ReadLosses(_losses);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / batches;
        }
    }
}
