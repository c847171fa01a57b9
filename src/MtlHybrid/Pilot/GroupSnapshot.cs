namespace MtlHybrid.Pilot;

/// <summary>The task groups from one batch on.</summary>
/// <param name="Batch">First batch with these groups, from 0.</param>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Groups">Task indices, one list per group.</param>
public sealed record GroupSnapshot(long Batch, int Epoch, int[][] Groups);
