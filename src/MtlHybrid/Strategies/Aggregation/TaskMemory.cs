namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One number per task that lasts over batches in which tasks come and go.</summary>
internal sealed class TaskMemory
{
    private double[] _values = [];

    /// <summary>The numbers of some tasks.</summary>
    /// <param name="tasks">[n] indices of the tasks, below <paramref name="taskCount"/>.</param>
    /// <param name="taskCount">Number of all tasks.</param>
    /// <param name="values">[n], written; 0 where nothing has been stored yet.</param>
    public void Read(ReadOnlySpan<int> tasks, int taskCount, Span<double> values)
    {
        if (_values.Length < taskCount) Array.Resize(ref _values, taskCount);
        for (int i = 0; i < tasks.Length; i++) values[i] = _values[tasks[i]];
    }

    /// <summary>Stores the numbers of some tasks; the others keep theirs.</summary>
    public void Write(ReadOnlySpan<int> tasks, int taskCount, ReadOnlySpan<double> values)
    {
        if (_values.Length < taskCount) Array.Resize(ref _values, taskCount);
        for (int i = 0; i < tasks.Length; i++) _values[tasks[i]] = values[i];
    }
}
