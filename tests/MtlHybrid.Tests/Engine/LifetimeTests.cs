using MtlHybrid.Engine;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class LifetimeTests
{
    [Fact]
    public void Every_call_after_dispose_says_so()
    {
        using Device device = SmallProblem.OpenDevice();
        using DeviceDataset data = SmallProblem.Data(device);
        Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        network.Dispose();
        network.Dispose();

        Action[] calls =
        [
            () => network.Slice(0),
            () => network.Initialize(0),
            () => network.ConfigureOptimizer(new OptimizerOptions()),
            () => network.ConfigureAffinity(true, AffinityCredit.SteppedGroup, 0.1),
            () => network.BeginBatch(data, [0], 0),
            () => network.UpdateGroup([0], new UpdateOptions(0, 0)),
            network.Measure,
            () => network.ConfigureGradients(),
            () => network.TaskGradients([0], new GradientRequest(), new double[1]),
            () => network.StepWeighted([0], [1], [], new UpdateOptions(0, 0)),
            () => network.ComputeGradients([0], GroupReduction.Sum),
            () => network.ReadLosses(new double[3]),
            () => network.TakeLossTotals(new double[3], new long[3]),
            () => network.ReadAffinity(new double[9], []),
            () => network.WriteAffinity(new double[9], []),
            () => network.Read(NetworkBuffer.Parameters, 0, new float[1]),
            () => network.Write(NetworkBuffer.Parameters, 0, new float[1]),
            () => network.ReadStepCounts(new long[4]),
            () => network.WriteStepCounts(new long[4]),
            () => network.Predict(new float[5], new int[1], 1, new float[5]),
            () => network.Predict([], [], 0, []),
            () => network.PredictRows(data, [0], new float[5]),
            () => network.Evaluate(data, [0], new double[3], new double[3]),
        ];
        Assert.All(calls, call => Assert.Contains(nameof(Network), Assert.Throws<ObjectDisposedException>(call).Message, StringComparison.Ordinal));
        Assert.Equal(SmallProblem.Tasks, network.Tasks);
    }

    [Fact]
    public void A_disposed_device_or_data_set_is_named()
    {
        Device device = SmallProblem.OpenDevice();
        DeviceDataset data = SmallProblem.Data(device);
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        data.Dispose();
        device.Dispose();

        Assert.Contains(nameof(DeviceDataset), Assert.Throws<ObjectDisposedException>(() => network.BeginBatch(data, [0], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("Device", Assert.Throws<ObjectDisposedException>(() => SmallProblem.Data(device)).Message, StringComparison.Ordinal);
        Assert.Contains("Device", Assert.Throws<ObjectDisposedException>(device.RequestCancel).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => Network.Compile(device, SmallProblem.Graph(), 8, 0));
    }

    [Fact]
    public void Networks_and_data_sets_outlive_their_device()
    {
        Device device = SmallProblem.OpenDevice();
        using DeviceDataset data = SmallProblem.Data(device);
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        device.Dispose();

        network.BeginBatch(data, [0, 1, 2], 0);
        network.UpdateGroup([0, 1, 2], new UpdateOptions(0.1, 0.1));
        var losses = new double[3];
        network.ReadLosses(losses);

        Assert.True(double.IsFinite(losses[0]));
    }

    [Fact]
    public async Task Disposing_on_another_thread_during_a_call_lets_the_call_finish()
    {
        for (int round = 0; round < 30; ++round)
        {
            using Device device = SmallProblem.OpenDevice();
            DeviceDataset data = SmallProblem.Data(device);
            Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
            using var started = new ManualResetEventSlim();
            Task<int> worker = Task.Run(() =>
            {
                int calls = 0;
                int[] rows = SmallProblem.AllRows();
                var outputs = new float[rows.Length * SmallProblem.Outputs];
                try
                {
                    while (true)
                    {
                        network.PredictRows(data, rows, outputs);
                        ++calls;
                        started.Set();
                    }
                }
                catch (ObjectDisposedException)
                {
                    return calls;
                }
            }, TestContext.Current.CancellationToken);
            started.Wait(TestContext.Current.CancellationToken);
            if (round % 2 == 0)
                network.Dispose();
            else
                data.Dispose();
            Assert.True(await worker >= 1);
            network.Dispose();
            data.Dispose();
        }
    }

    [Fact]
    public void Thousands_of_objects_dropped_without_dispose_are_given_back()
    {
        using Device device = SmallProblem.OpenDevice();
        // 3,000 x 1 MB: without the collector's knowledge of native memory this would pile up to 3 GB.
        var features = new float[256 * 1024];
        long before = Environment.WorkingSet;
        long highest = 0;
        for (int i = 0; i < 3000; ++i)
        {
            _ = DeviceDataset.Create(device, 1024, 256, 0, 0, features, [], []);
            if (i % 100 == 99)
                highest = Math.Max(highest, Environment.WorkingSet - before);
        }
        for (int i = 0; i < 300; ++i)
            _ = Network.Compile(device, SmallProblem.Graph(), maxBatch: 64, seed: 0);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.True(highest < 1_500_000_000, $"the working set grew by {highest / 1_000_000} MB");
        using DeviceDataset data = SmallProblem.Data(device);
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        network.BeginBatch(data, [0], 0);
        network.UpdateGroup([0], new UpdateOptions(0.1, 0.1));
    }
}
