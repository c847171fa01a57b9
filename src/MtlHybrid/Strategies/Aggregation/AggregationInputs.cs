namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What an aggregator may know about the batch besides the gradients. Spans have one entry per row of the Gram matrix
/// (n of them): the tasks with a label in the batch.</summary>
/// <param name="tasks">Indices of the tasks the rows belong to, ascending; state that lasts over batches is kept by these.</param>
/// <param name="taskCount">Number of all tasks, K, at least n.</param>
/// <param name="losses">The tasks' losses in this batch.</param>
/// <param name="seed">Seed of everything drawn at random, together with <paramref name="batch"/>.</param>
/// <param name="batch">Number of the batch, from 0.</param>
public readonly ref struct AggregationInputs(
    ReadOnlySpan<int> tasks, int taskCount, ReadOnlySpan<double> losses, ulong seed = 0, long batch = 0)
{
    /// <summary>Indices of the tasks the rows belong to, [n], ascending.</summary>
    public ReadOnlySpan<int> Tasks { get; } = tasks;

    /// <summary>Number of all tasks, K.</summary>
    public int TaskCount { get; } = taskCount;

    /// <summary>The tasks' losses in this batch, [n]; empty where there are none.</summary>
    public ReadOnlySpan<double> Losses { get; } = losses;

    /// <summary>Seed of everything drawn at random.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Number of the batch, from 0.</summary>
    public long Batch { get; } = batch;
}
