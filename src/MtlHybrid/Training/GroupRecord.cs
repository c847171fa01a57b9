using MtlHybrid.Grouping;

namespace MtlHybrid.Training;

/// <summary>A change of the groups of tasks.</summary>
/// <param name="Batch">Number of the first batch that used them, from 0.</param>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Groups">The groups.</param>
public sealed record GroupRecord(long Batch, int Epoch, TaskGroups Groups);
