using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// Keeps conflicting tasks apart: the graph of conflicts is coloured greedily, and a colour is a group. Tasks choose in the order
/// of their number of conflicts, largest first (D. J. A. Welsh, M. B. Powell, "An upper bound for the chromatic number of a
/// graph", 1967), and each takes the first group without a conflict.
/// </summary>
/// <remarks>
/// No two tasks of a group are in conflict, and there is at most one group more than the largest number of conflicts of a task.
/// Without conflicts all tasks are together. Whether tasks help each other does not matter beyond that. Of tasks with equally
/// many conflicts the one with the smaller index chooses first, so that the order of tasks can decide.
/// </remarks>
public sealed class ConflictColouring : IGrouping
{
    private readonly ConflictColouringOptions _options;

    /// <summary>A colouring with the given settings.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public ConflictColouring(ConflictColouringOptions? options = null)
    {
        _options = options ?? new ConflictColouringOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "conflict-colouring";

    /// <inheritdoc/>
    public bool NeedsAffinity => true;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        int tasks = AffinityNormalizer.RequireSquare(affinity, previous);
        Matrix<double> similarities = AffinityNormalizer.RequireFinite(AffinityNormalizer.Normalize(affinity, _options.Normalization));
        int[] all = [.. Enumerable.Range(0, tasks)];
        int[] conflicts = [.. all.Select(task => all.Count(other => InConflict(similarities, task, other)))];
        var groups = new List<List<int>>();
        foreach (int task in all.OrderByDescending(task => conflicts[task]))
        {
            List<int>? group = groups.Find(members => !members.Exists(member => InConflict(similarities, task, member)));
            if (group is null) groups.Add(group = []);
            group.Add(task);
        }

        return new GroupingResult(TaskGroups.Of(groups));
    }

    private bool InConflict(Matrix<double> similarities, int task, int other) =>
        task != other && Math.Min(similarities[task, other], similarities[other, task]) < _options.Threshold;
}
