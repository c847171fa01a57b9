using System.Runtime.InteropServices;
using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>
/// An open device. It, and every data set and network made on it, is used by one thread at a time: a second one gets an
/// <see cref="EngineException"/> with <see cref="EngineStatus.Busy"/>. Disposing it while data sets and networks on it live is
/// fine; they keep what they need.
/// </summary>
public sealed unsafe partial class Device : IDisposable
{
    private Device(ContextHandle handle, DeviceDescription description, int threads)
    {
        Handle = handle;
        Description = description;
        Threads = threads;
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

    /// <summary>The device as it presents itself.</summary>
    public DeviceDescription Description { get; }

    /// <summary>The threads it works with.</summary>
    public int Threads { get; }

    internal ContextHandle Handle { get; }

    /// <summary>Opens a device.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    /// <exception cref="EngineException">The device cannot be had, with the reason.</exception>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public static Device Open(DeviceOptions? options = null)
    {
        options ??= new DeviceOptions();
        options.Validate();
        NativeCore.EnsureLoaded();

        mtl_context_options native;
        NativeMethods.mtl_context_options_init(&native);
        native.device_kind = (int)mtl_device_kind.MTL_DEVICE_CPU;
        native.threads = options.Threads;
        native.deterministic = options.Deterministic ? 1 : 0;

        var handle = new ContextHandle();
        try
        {
            mtl_context* context;
            NativeCore.Check(NativeMethods.mtl_context_create(&native, &context));
            Marshal.InitHandle(handle, (nint)context);

            int threads;
            NativeCore.Check(NativeMethods.mtl_context_threads(context, &threads));
            return new Device(handle, Describe(device: 0), threads);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The usable devices; the processor comes first.</summary>
    /// <exception cref="NativeLibraryException">The native library cannot be loaded.</exception>
    public static IReadOnlyList<DeviceDescription> List()
    {
        NativeCore.EnsureLoaded();
        int count;
        NativeCore.Check(NativeMethods.mtl_device_count(&count));
        return [.. Enumerable.Range(0, count).Select(Describe)];
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
        return new DeviceDescription(
            kind, info.index, NativeCore.Text(info.name), info.memory_bytes, info.threads, NativeCore.Text(info.detail));
    }
}
