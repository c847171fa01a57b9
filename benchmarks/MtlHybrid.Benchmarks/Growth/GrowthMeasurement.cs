using System.Diagnostics;
using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Growth;

/// <summary>
/// Times joint and selective steps of one <see cref="StepNetwork"/> on random data, with all hardware threads.
/// </summary>
internal sealed class GrowthMeasurement : IDisposable
{
    private const int Rows = 4096;
    private const double RepeatMilliseconds = 25;
    private static readonly UpdateOptions Update = new(SharedLearningRate: 1e-3, HeadLearningRate: 1e-3);

    private readonly GrowthCase _case;
    private readonly int _groups;
    private readonly DeviceDataset _data;
    private readonly Network _joint;
    private readonly Network _selective;
    private readonly Timing _jointTiming;
    private readonly Timing _selectiveTiming;
    private readonly List<double> _jointTimes = [];
    private readonly List<double> _selectiveTimes = [];

    /// <summary>Prepares the data and the networks.</summary>
    public GrowthMeasurement(Device device, GrowthCase network)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows * StepNetwork.Features).Select(_ => 2 * random.NextSingle() - 1)];
        float[] labels = [.. Enumerable.Range(0, Rows * network.Tasks).Select(_ => 2 * random.NextSingle() - 1)];
        int[] order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(order);

        _case = network;
        _groups = network.Tasks < 3 ? 1 : 3;
        int[] everyone = [.. Enumerable.Range(0, network.Tasks)];
        int[][] parts = [.. Enumerable.Range(0, _groups).Select(group => everyone.Where(task => task % _groups == group).ToArray())];
        _data = DeviceDataset.Create(device, Rows, StepNetwork.Features, categoricalColumns: 0, network.Tasks, features, [], labels);
        _joint = StepNetwork.Compile(device, new StepShape(network.Batch, network.Hidden), network.Tasks, affinity: false);
        _selective = StepNetwork.Compile(device, new StepShape(network.Batch, network.Hidden), network.Tasks, affinity: true);
        _jointTiming = new Timing(_joint, _data, order, network.Batch, [everyone]);
        _selectiveTiming = new Timing(_selective, _data, order, network.Batch, parts);
    }

    /// <summary>What the repeats so far say.</summary>
    public GrowthPoint Point =>
        new(_case, _jointTimes, _selectiveTimes, _groups, _joint.ParameterCount, _selective.MemoryBytes);

    /// <summary>Times both steps once more.</summary>
    public void Repeat()
    {
        _jointTimes.Add(_jointTiming.Repeat());
        _selectiveTimes.Add(_selectiveTiming.Repeat());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _joint.Dispose();
        _selective.Dispose();
        _data.Dispose();
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

        public double Repeat()
        {
            Time(2); // the network is in the caches again
            return Time(_batches);
        }

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
