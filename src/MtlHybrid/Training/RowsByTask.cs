using MtlHybrid.Data;

namespace MtlHybrid.Training;

/// <summary>Orders the rows of a batch by the first task that they have a label of; rows of one task stay in their order.</summary>
internal sealed class RowsByTask
{
    private readonly int[] _firstTask; // by row of the data
    private readonly int[] _ends; // by task, where its rows end in the batch
    private readonly int[] _ordered;

    private RowsByTask(int[] firstTask, int tasks, int mostRows)
    {
        _firstTask = firstTask;
        _ends = new int[tasks];
        _ordered = new int[mostRows];
    }

    /// <summary>For the rows of a training.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="rows">Those that may come, each with a label.</param>
    /// <returns>Null where the first task is the same in all rows, so that there is nothing to order.</returns>
    public static RowsByTask? For(MultiTaskData data, int[] rows)
    {
        var firstTask = new int[data.Rows];
        foreach (int row in rows) firstTask[row] = Enumerable.Range(0, data.Tasks.Count).First(task => !double.IsNaN(data.Labels(task)[row]));
        return Array.TrueForAll(rows, row => firstTask[row] == firstTask[rows[0]]) ? null : new RowsByTask(firstTask, data.Tasks.Count, rows.Length);
    }

    /// <summary>The rows in order; valid until the next call.</summary>
    public ReadOnlySpan<int> Order(ReadOnlySpan<int> rows)
    {
        Array.Clear(_ends);
        foreach (int row in rows) _ends[_firstTask[row]]++;
        for (int task = 1; task < _ends.Length; task++) _ends[task] += _ends[task - 1];
        for (int i = rows.Length - 1; i >= 0; i--) _ordered[--_ends[_firstTask[rows[i]]]] = rows[i];
        return _ordered.AsSpan(0, rows.Length);
    }
}
