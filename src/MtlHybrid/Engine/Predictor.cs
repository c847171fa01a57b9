using System.Runtime.InteropServices;
using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>
/// Predicts with a network on the calling thread alone, with activations of its own: several threads, each with a predictor of
/// its own, predict with one network at the same time. It follows what is trained into the network.
/// </summary>
/// <remarks>Used by one thread at a time. While a predictor computes, calls that change the network's parameters
/// (<see cref="Network.UpdateGroup"/>, <see cref="Network.Initialize"/>, <see cref="Network.Write"/> of parameters) are refused with
/// <see cref="EngineStatus.Busy"/>, and the other way round. It keeps what it needs of network and device: these may be disposed
/// before it.</remarks>
public sealed unsafe class Predictor : IDisposable
{
    private readonly PredictorHandle _handle;

    private Predictor(PredictorHandle handle, Network network)
    {
        _handle = handle;
        Features = network.Features;
        CategoricalColumns = network.CategoricalColumns;
        Outputs = network.Outputs;
    }

    /// <summary>Dense inputs per row.</summary>
    public int Features { get; }

    /// <summary>Categorical inputs per row.</summary>
    public int CategoricalColumns { get; }

    /// <summary>Sum of the widths of all predictions.</summary>
    public int Outputs { get; }

    /// <summary>Makes a predictor; allowed at any time, whatever other threads do with the network.</summary>
    /// <param name="network">What predicts.</param>
    /// <param name="maxBatch">Rows computed at a time, which decides the memory; at least 1.</param>
    /// <exception cref="EngineException">Memory could not be had.</exception>
    public static Predictor Create(Network network, int maxBatch = 256)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        mtl_predictor_options options;
        NativeMethods.mtl_predictor_options_init(&options);
        options.max_batch = maxBatch;

        var handle = new PredictorHandle();
        try
        {
            using HandleLease lease = network.Lease();
            mtl_predictor* predictor;
            NativeCore.Check(NativeMethods.mtl_predictor_create((mtl_network*)lease.Pointer, &options, &predictor));
            Marshal.InitHandle(handle, (nint)predictor);
            long bytes;
            NativeCore.Check(NativeMethods.mtl_predictor_memory(predictor, &bytes));
            handle.AddPressure(bytes);
            return new Predictor(handle, network);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Raw outputs (logits, standardised values), as <see cref="Network.Predict"/> gives them up to rounding. Does not
    /// allocate. All rows are checked before the first is computed.</summary>
    /// <param name="features">[rows, features], row-major.</param>
    /// <param name="codes">[rows, categorical columns], row-major.</param>
    /// <param name="rows">Number of rows; 0 or more.</param>
    /// <param name="outputs">[rows, outputs], written, in task order.</param>
    /// <exception cref="EngineException">A value cannot be used, or <see cref="EngineStatus.Busy"/>.</exception>
    public void Predict(ReadOnlySpan<float> features, ReadOnlySpan<int> codes, int rows, Span<float> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        SpanLength.Require(features.Length, (long)rows * Features, nameof(features), "rows x features");
        SpanLength.Require(codes.Length, (long)rows * CategoricalColumns, nameof(codes), "rows x categorical columns");
        SpanLength.Require(outputs.Length, (long)rows * Outputs, nameof(outputs), "rows x outputs");
        using var predictor = new HandleLease(_handle, this);
        fixed (float* featureValues = features, outputValues = outputs)
        fixed (int* codeValues = codes)
        {
            NativeCore.Check(NativeMethods.mtl_predictor_predict(
                (mtl_predictor*)predictor.Pointer, featureValues, codeValues, rows, outputValues));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
