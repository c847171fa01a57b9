namespace MtlHybrid.Engine;

/// <summary>
/// A range of time on one thread of the host. On a GPU that is the time it took to ask for the work, not the work itself.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Its name.</param>
/// <param name="StartNanoseconds">Since the trace was started, by a steady clock.</param>
/// <param name="DurationNanoseconds">How long it took.</param>
/// <param name="Thread">Threads are numbered from 0 as they are first seen.</param>
/// <param name="Index">"begin_batch": the index of the batch; ops: the node of the graph; else -1.</param>
/// <param name="Tasks">Calls on a group: bit k is 1 when task k, below 64, takes part; else 0.</param>
public readonly record struct TraceEvent(
    TraceKind Kind, string Name, long StartNanoseconds, long DurationNanoseconds, int Thread, long Index, ulong Tasks);
