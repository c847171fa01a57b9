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

    [Fact]
    public void The_processor_works_with_the_threads_it_was_asked_for()
    {
        using Device one = Device.Open(new DeviceOptions { Kind = DeviceKind.Cpu, Threads = 1 });
        using Device all = Device.Open(new DeviceOptions { Kind = DeviceKind.Cpu });

        Assert.Equal(1, one.Threads);
        Assert.Equal(all.Description.Threads, all.Threads);
        Assert.Equal("cpu", all.Description.Kind);
        Assert.Equal("asked for", all.Choice);
    }

    [Fact]
    public void The_choice_of_auto_is_logged_with_its_reason()
    {
        var log = new LogLines();

        using Device device = Device.Open(options: null, log);

        CudaStatus cuda = Device.Cuda;
        Assert.Contains(log.Lines, line => line.Contains(device.Description.Label, StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains(device.Choice, StringComparison.Ordinal));
        if (cuda.State != CudaState.Usable)
        {
            Assert.Equal("cpu:0", device.Description.Label);
            Assert.Contains(cuda.Reason, device.Choice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whether_CUDA_can_be_used_is_told_with_reason_and_remedy()
    {
        CudaStatus cuda = Device.Cuda;

        Assert.NotEmpty(cuda.PluginPath);
        Assert.Equal(cuda.State == CudaState.Usable, cuda.Devices > 0);
        Assert.Equal(cuda.State == CudaState.Usable, cuda.Reason.Length == 0);
        Assert.Equal(1 + cuda.Devices, Device.List().Count);
    }

    [Fact]
    public void Every_obstacle_has_a_remedy_of_its_own()
    {
        string[] remedies = [.. Enum.GetValues<CudaState>().Select(state => new CudaStatus(state, 0, "", "", "").Remedy)];

        Assert.Equal("", remedies[(int)CudaState.Usable]);
        Assert.All(remedies.Skip(1), remedy => Assert.NotEmpty(remedy));
        Assert.Equal(remedies.Length, remedies.Distinct().Count());
    }

    [Fact]
    public void A_GPU_that_cannot_be_had_is_an_error_and_no_fallback()
    {
        var options = new DeviceOptions { Kind = DeviceKind.Cuda, Index = 4711 };

        EngineException e = Assert.Throws<EngineException>(() => Device.Open(options));

        Assert.Equal(EngineStatus.DeviceError, e.Status);
        string reason = Device.Cuda.State == CudaState.Usable ? "4711" : Device.Cuda.Reason;
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_precision_of_GPUs_is_not_replaced_on_a_machine_without_one()
    {
        Assert.SkipWhen(Device.Cuda.State == CudaState.Usable, "there is a GPU");

        EngineException e = Assert.Throws<EngineException>(() => Device.Open(new DeviceOptions { Precision = ComputePrecision.BFloat16 }));

        Assert.Equal(EngineStatus.DeviceError, e.Status);
        Assert.Contains("BFloat16 needs a GPU", e.Message, StringComparison.Ordinal);
        Assert.Contains(Device.Cuda.Reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_passes_its_self_test() => Assert.Null(Device.SelfTest(Device.List()[0]));

    [Fact]
    public void A_device_that_is_not_there_fails_its_self_test()
    {
        Assert.Contains("device", Device.SelfTest(Device.List()[0] with { Kind = "cuda", Index = 4711 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeviceKind.Cpu, 0, ComputePrecision.TensorFloat32, "Precision")]
    [InlineData(DeviceKind.Auto, 0, (ComputePrecision)7, "Precision")]
    [InlineData(DeviceKind.Auto, 1, ComputePrecision.Full, "Index")]
    [InlineData(DeviceKind.Cpu, 1, ComputePrecision.Full, "Index")]
    [InlineData(DeviceKind.Cuda, -1, ComputePrecision.Full, "Index")]
    [InlineData((DeviceKind)3, 0, ComputePrecision.Full, "Kind")]
    public void Options_that_cannot_be_are_refused(DeviceKind kind, int index, ComputePrecision precision, string option)
    {
        var options = new DeviceOptions { Kind = kind, Index = index, Precision = precision };

        Assert.Equal(option, Assert.Throws<InvalidOptionException>(() => Device.Open(options)).Option);
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
        var batches = new long[3];
        while (busy is null && !stop.IsCancellationRequested)
        {
            if (Volatile.Read(ref running) == 0)
                continue;
            try
            {
                network.TakeLossTotals(losses, batches); // needs no batch: between two calls of the other thread it succeeds
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
