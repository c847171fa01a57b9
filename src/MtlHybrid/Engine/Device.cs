using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>
/// An open device. It, and every data set and network made on it, is used by one thread at a time: a second one gets an
/// <see cref="EngineException"/> with <see cref="EngineStatus.Busy"/>. Disposing it while data sets and networks on it live is
/// fine; they keep what they need.
/// </summary>
public sealed unsafe partial class Device : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> Passed = [];

    private Device(ContextHandle handle, DeviceDescription description, int threads, ComputePrecision precision, string choice)
    {
        Handle = handle;
        Description = description;
        Threads = threads;
        Precision = precision;
        Choice = choice;
    }

    /// <summary>Version, compiler, BLAS and instruction sets of the native library.</summary>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    public static string BuildInfo
    {
        get
        {
            NativeCore.EnsureLoaded();
            return NativeCore.Text(NativeMethods.mtl_build_info());
        }
    }

    /// <summary>The file of the native library; null before it was first used.</summary>
    public static string? NativeLibraryPath => NativeLibraryLoader.Loaded?.Path;

    /// <summary>Whether CUDA devices can be used, and if not, why.</summary>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    public static CudaStatus Cuda
    {
        get
        {
            NativeCore.EnsureLoaded();
            mtl_cuda_info info;
            NativeMethods.mtl_cuda_info_init(&info);
            NativeCore.Check(NativeMethods.mtl_cuda_describe(&info));
            return new CudaStatus(
                (CudaState)info.state, info.devices, NativeCore.Text(info.reason), NativeCore.Text(info.path), NativeCore.Text(info.build));
        }
    }

    /// <summary>The device as it presents itself.</summary>
    public DeviceDescription Description { get; }

    /// <summary>Whether its memory is that of the host, so that reading a value waits for nothing.</summary>
    internal bool HasHostMemory => Description.Kind == "cpu";

    /// <summary>The threads it works with; 1 for a GPU.</summary>
    public int Threads { get; }

    /// <summary>How matrix products are computed.</summary>
    public ComputePrecision Precision { get; }

    /// <summary>Why this device: that it was asked for, or what <see cref="DeviceKind.Auto"/> found.</summary>
    public string Choice { get; }

    internal ContextHandle Handle { get; }

    /// <summary>Opens a device.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="logger">Told which device was chosen and why; null: nobody.</param>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    /// <exception cref="EngineException">The device cannot be had, with the reason.</exception>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public static Device Open(DeviceOptions? options = null, ILogger? logger = null)
    {
        options ??= new DeviceOptions();
        logger ??= NullLogger.Instance;
        options.Validate();
        NativeCore.EnsureLoaded();
        Device device = options.Kind switch
        {
            DeviceKind.Cuda => OpenCuda(options),
            DeviceKind.Cpu => Create(options, mtl_device_kind.MTL_DEVICE_CPU, "asked for"),
            _ => OpenBest(options, logger),
        };
        logger.LogDebug("computes on {Device}, {Name}: {Choice}", device.Description.Label, device.Description.Name, device.Choice);
        return device;
    }

    /// <summary>The usable devices; the processor comes first. A GPU that does not answer is listed with the reason as its detail.</summary>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    public static IReadOnlyList<DeviceDescription> List()
    {
        NativeCore.EnsureLoaded();
        int count;
        NativeCore.Check(NativeMethods.mtl_device_count(&count));
        return [Describe(device: 0), .. Enumerable.Range(1, count - 1).Select(DescribeCuda)];
    }

    /// <summary>A tiny computation on a device, compared with the host.</summary>
    /// <param name="device">One of <see cref="List"/>.</param>
    /// <returns>Null when it passed, else what went wrong.</returns>
    public static string? SelfTest(DeviceDescription device)
    {
        ArgumentNullException.ThrowIfNull(device);
        NativeCore.EnsureLoaded();
        try
        {
            NativeCore.Check(NativeMethods.mtl_device_self_test(device.Kind == "cpu" ? 0 : 1 + device.Index));
            return null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
    }

    /// <summary>
    /// How fast the device multiplies matrices: plain products of [rows, depth] by [depth, columns] by the matrix library that
    /// the networks use too, cut over its threads as a linear layer is. A long call.
    /// </summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="depth">At least 1.</param>
    /// <param name="time">For about how long; at least 0. At least 5 products are made; the median counts.</param>
    /// <returns>Floating-point operations per second: 2 rows columns depth / the time of one product.</returns>
    /// <exception cref="EngineException">An argument is outside its range, or memory could not be had.</exception>
    /// <exception cref="OperationCanceledException">After <see cref="RequestCancel"/>.</exception>
    public double MeasureMatrixProductRate(int rows, int columns, int depth, TimeSpan time)
    {
        using var context = new HandleLease(Handle, this);
        double rate;
        NativeCore.Check(NativeMethods.mtl_context_matrix_product_rate(
            (mtl_context*)context.Pointer, rows, columns, depth, time.TotalSeconds, &rate));
        return rate;
    }

    /// <summary>
    /// Asks a long call in progress (predict, evaluate, ...) to end soon with an <see cref="OperationCanceledException"/>; without
    /// one in progress, the next long call ends so. May be called from any thread.
    /// </summary>
    public void RequestCancel()
    {
        using var context = new HandleLease(Handle, this);
        NativeCore.Check(NativeMethods.mtl_context_request_cancel((mtl_context*)context.Pointer));
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static Device OpenCuda(DeviceOptions options)
    {
        CudaStatus cuda = Cuda;
        if (cuda.State != CudaState.Usable)
            throw new EngineException(EngineStatus.DeviceError, $"CUDA was asked for, but {cuda.Reason}. {cuda.Remedy}");
        // An index that is not there is refused by the core.
        if (options.Index < cuda.Devices) RequireSelfTest(options.Index);
        return Create(options, mtl_device_kind.MTL_DEVICE_CUDA, "asked for");
    }

    private static Device OpenBest(DeviceOptions options, ILogger logger)
    {
        CudaStatus cuda = Cuda;
        var obstacles = new List<string>();
        if (cuda.State != CudaState.Usable) obstacles.Add(cuda.Reason);
        for (int index = 0; index < cuda.Devices; index++)
        {
            try
            {
                RequireSelfTest(index);
                return Create(options with { Index = index }, mtl_device_kind.MTL_DEVICE_CUDA, "the first GPU that passed its self-test");
            }
            catch (EngineException e)
            {
                obstacles.Add(e.Message);
            }
        }

        string reason = string.Join("; ", obstacles);
        if (options.Precision != ComputePrecision.Full)
            throw new EngineException(EngineStatus.DeviceError, $"the precision {options.Precision} needs a GPU, and none can be had: {reason}");
        // Most machines have no GPU. One that has all it takes and still computes without is another matter.
        LogLevel level = cuda.State is CudaState.NoPlugin or CudaState.NoDriver or CudaState.NoDevice ? LogLevel.Debug : LogLevel.Warning;
        logger.Log(level, "no GPU is used: {Reason}", reason);
        return Create(options, mtl_device_kind.MTL_DEVICE_CPU, $"no GPU is used: {reason}");
    }

    private static void RequireSelfTest(int index)
    {
        if (Passed.ContainsKey(index)) return;
        NativeCore.Check(NativeMethods.mtl_device_self_test(1 + index));
        Passed[index] = true;
    }

    private static Device Create(DeviceOptions options, mtl_device_kind kind, string choice)
    {
        mtl_context_options native;
        NativeMethods.mtl_context_options_init(&native);
        native.device_kind = (int)kind;
        native.device_index = options.Index;
        native.threads = options.Threads;
        native.deterministic = options.Deterministic ? 1 : 0;
        native.precision = (int)options.Precision;

        var handle = new ContextHandle();
        try
        {
            mtl_context* context;
            NativeCore.Check(NativeMethods.mtl_context_create(&native, &context));
            Marshal.InitHandle(handle, (nint)context);

            int threads;
            NativeCore.Check(NativeMethods.mtl_context_threads(context, &threads));
            DeviceDescription description = Describe(kind == mtl_device_kind.MTL_DEVICE_CPU ? 0 : 1 + options.Index);
            return new Device(handle, description, threads, options.Precision, choice);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static DeviceDescription DescribeCuda(int device)
    {
        try
        {
            return Describe(device);
        }
        catch (EngineException e)
        {
            return new DeviceDescription("cuda", device - 1, "does not answer", MemoryBytes: 0, Threads: 0, e.Message);
        }
    }

    private static DeviceDescription Describe(int device)
    {
        mtl_device_info info;
        NativeMethods.mtl_device_info_init(&info);
        NativeCore.Check(NativeMethods.mtl_device_describe(device, &info));
        string kind = (mtl_device_kind)info.kind switch
        {
            mtl_device_kind.MTL_DEVICE_CPU => "cpu",
            mtl_device_kind.MTL_DEVICE_CUDA => "cuda",
            _ => $"kind {info.kind}",
        };
        bool cuda = info.kind == (int)mtl_device_kind.MTL_DEVICE_CUDA;
        return new DeviceDescription(
            kind, info.index, NativeCore.Text(info.name), info.memory_bytes, info.threads, NativeCore.Text(info.detail))
        {
            FreeBytes = info.free_bytes,
            ComputeCapability = cuda ? $"{info.compute_major}.{info.compute_minor}" : null,
            DriverVersion = cuda ? $"{info.driver_version / 1000}.{info.driver_version % 1000 / 10}" : null,
        };
    }
}
