using System.Runtime.InteropServices;
using MtlHybrid.Engine;

namespace MtlHybrid.Training;

/// <summary>Lends predictors of one network, with memory for their inputs and outputs, to any number of threads. Without locks, and
/// without allocation once every thread has had one.</summary>
internal sealed class PredictorPool : IDisposable
{
    private readonly Network _network;
    private readonly Slot[] _slots = new Slot[2 * Environment.ProcessorCount];
    private volatile bool _disposed;

    public PredictorPool(Network network) => _network = network;

    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public BufferedPredictor Rent(object owner)
    {
        ObjectDisposedException.ThrowIf(_disposed, owner);
        int start = FirstSlot();
        for (int i = 0; i < _slots.Length; i++)
        {
            ref BufferedPredictor? slot = ref _slots[(start + i) % _slots.Length].Predictor;
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } predictor) return predictor;
        }

        return new BufferedPredictor(_network);
    }

    public void Return(BufferedPredictor predictor)
    {
        int start = FirstSlot();
        for (int i = 0; i < _slots.Length; i++)
        {
            ref BufferedPredictor? slot = ref _slots[(start + i) % _slots.Length].Predictor;
            if (slot is not null || Interlocked.CompareExchange(ref slot, predictor, null) is not null) continue;
            // Disposed meanwhile, and perhaps after it was emptied.
            if (_disposed) Empty();
            return;
        }

        predictor.Dispose();
    }

    public void Dispose()
    {
        _disposed = true;
        Empty();
    }

    private void Empty()
    {
        for (int i = 0; i < _slots.Length; i++) Interlocked.Exchange(ref _slots[i].Predictor, null)?.Dispose();
    }

    // Threads begin at slots of their own, so that they seldom meet.
    private int FirstSlot() => Environment.CurrentManagedThreadId % _slots.Length;

    // Larger than what two processors exchange when both write near each other.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Slot
    {
        public BufferedPredictor? Predictor;
    }
}
