using MtlHybrid.Engine;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class DeviceTests
{
    [Fact]
    public void The_processor_comes_first_and_describes_itself()
    {
        DeviceDescription processor = Device.List()[0];

        Assert.Equal("cpu", processor.Kind);
        Assert.Equal(0, processor.Index);
        Assert.NotEmpty(processor.Name);
        Assert.True(processor.MemoryBytes > 0);
        Assert.InRange(processor.Threads, 1, Environment.ProcessorCount);
    }

    [Fact]
    public void The_library_says_what_it_is_and_where_it_lies()
    {
        Assert.NotEmpty(Device.BuildInfo);
        Assert.True(File.Exists(Device.NativeLibraryPath), Device.NativeLibraryPath);
    }

    [Theory]
    [InlineData(DeviceKind.Auto)]
    [InlineData(DeviceKind.Cpu)]
    public void A_device_works_with_the_threads_it_was_asked_for(DeviceKind kind)
    {
        using Device one = Device.Open(new DeviceOptions { Kind = kind, Threads = 1 });
        using Device all = Device.Open(new DeviceOptions { Kind = kind });

        Assert.Equal(1, one.Threads);
        Assert.Equal(all.Description.Threads, all.Threads);
        Assert.Equal("cpu", all.Description.Kind);
    }

    [Fact]
    public void A_cancel_request_ends_the_next_long_call_and_only_that()
    {
        using Device device = SmallProblem.OpenDevice();
        using DeviceDataset data = SmallProblem.Data(device);
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        int[] rows = SmallProblem.AllRows();
        var outputs = new float[rows.Length * SmallProblem.Outputs];

        device.RequestCancel();
        Assert.Throws<OperationCanceledException>(() => network.PredictRows(data, rows, outputs));
        network.PredictRows(data, rows, outputs);

        device.RequestCancel();
        Assert.Throws<OperationCanceledException>(() => network.Evaluate(data, rows, new double[3], new double[3]));
        network.Evaluate(data, rows, new double[3], new double[3]);
    }

    [Fact]
    public async Task A_second_thread_on_the_same_device_is_told_that_it_is_busy()
    {
        using Device device = SmallProblem.OpenDevice();
        using DeviceDataset data = SmallProblem.Data(device);
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 32, seed: 0);
        int[] rows = [.. Enumerable.Range(0, 200_000).Select(i => i % SmallProblem.Rows)];
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int running = 0;
        Task worker = Task.Run(() =>
        {
            var outputs = new float[rows.Length * SmallProblem.Outputs];
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    network.PredictRows(data, rows, outputs);
                    Volatile.Write(ref running, 1);
                }
                catch (EngineException e) when (e.Status == EngineStatus.Busy)
                {
                    // the other thread was faster this time
                }
            }
        }, TestContext.Current.CancellationToken);

        EngineException? busy = null;
        var losses = new double[3];
        while (busy is null && !stop.IsCancellationRequested)
        {
            if (Volatile.Read(ref running) == 0)
                continue;
            try
            {
                network.ReadLosses(losses);
            }
            catch (EngineException e)
            {
                busy = e;
            }
        }
        await stop.CancelAsync();
        await worker;

        Assert.NotNull(busy);
        Assert.Equal(EngineStatus.Busy, busy.Status);
    }
}
