using System.Runtime.InteropServices;
using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>Rows of inputs and labels that live on a device; batches are gathered from it by row index.</summary>
public sealed unsafe class DeviceDataset : IDisposable
{
    private DeviceDataset(DatasetHandle handle, Device device, int rows, int features, int categoricalColumns, int tasks)
    {
        Handle = handle;
        Device = device;
        Rows = rows;
        Features = features;
        CategoricalColumns = categoricalColumns;
        Tasks = tasks;
    }

    /// <summary>Where the rows live.</summary>
    public Device Device { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Dense inputs per row.</summary>
    public int Features { get; }

    /// <summary>Categorical inputs per row.</summary>
    public int CategoricalColumns { get; }

    /// <summary>Labels per row.</summary>
    public int Tasks { get; }

    internal DatasetHandle Handle { get; }

    /// <summary>Copies rows to the device.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="rows">Number of rows; at least 1.</param>
    /// <param name="features">Dense inputs per row; 0 or more.</param>
    /// <param name="categoricalColumns">Categorical inputs per row; 0 or more.</param>
    /// <param name="tasks">Labels per row; 0 or more.</param>
    /// <param name="featureValues">[rows, features], row-major.</param>
    /// <param name="codes">[rows, categorical columns], row-major; checked against the tables when a batch is begun.</param>
    /// <param name="labels">[rows, tasks], row-major; NaN: missing; class indices as numbers.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape.</exception>
    /// <exception cref="EngineException">Too little memory, or a shape outside its range.</exception>
    public static DeviceDataset Create(
        Device device, int rows, int features, int categoricalColumns, int tasks,
        ReadOnlySpan<float> featureValues, ReadOnlySpan<int> codes, ReadOnlySpan<float> labels)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(features);
        ArgumentOutOfRangeException.ThrowIfNegative(categoricalColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(tasks);
        SpanLength.Require(featureValues.Length, (long)rows * features, nameof(featureValues), "rows x features");
        SpanLength.Require(codes.Length, (long)rows * categoricalColumns, nameof(codes), "rows x categoricalColumns");
        SpanLength.Require(labels.Length, (long)rows * tasks, nameof(labels), "rows x tasks");

        mtl_dataset_options options;
        NativeMethods.mtl_dataset_options_init(&options);
        options.features = features;
        options.categorical_columns = categoricalColumns;
        options.tasks = tasks;
        options.rows = rows;

        var handle = new DatasetHandle();
        try
        {
            using var context = new HandleLease(device.Handle, device);
            mtl_dataset* dataset;
            NativeCore.Check(NativeMethods.mtl_dataset_create((mtl_context*)context.Pointer, &options, &dataset));
            Marshal.InitHandle(handle, (nint)dataset);
            handle.AddPressure((long)rows * sizeof(float) * ((long)features + categoricalColumns + tasks));
            Fill(dataset, rows, featureValues, codes, labels);
            return new DeviceDataset(handle, device, rows, features, categoricalColumns, tasks);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static void Fill(
        mtl_dataset* dataset, int rows, ReadOnlySpan<float> featureValues, ReadOnlySpan<int> codes, ReadOnlySpan<float> labels)
    {
        fixed (float* values = featureValues)
        {
            if (values != null)
                NativeCore.Check(NativeMethods.mtl_dataset_set_features(dataset, 0, rows, values));
        }
        fixed (int* values = codes)
        {
            if (values != null)
                NativeCore.Check(NativeMethods.mtl_dataset_set_categories(dataset, 0, rows, values));
        }
        fixed (float* values = labels)
        {
            if (values != null)
                NativeCore.Check(NativeMethods.mtl_dataset_set_labels(dataset, 0, rows, values));
        }
    }
}
