using System.Collections;
using System.Globalization;

namespace MtlHybrid.Grouping;

/// <summary>
/// A partition of the tasks 0 ... K-1: every task is in exactly one group. Groups are kept in canonical order (members
/// ascending, groups by their first member), so that equal partitions are equal objects. Immutable.
/// </summary>
public sealed class TaskGroups : IReadOnlyList<IReadOnlyList<int>>, IEquatable<TaskGroups>
{
    private readonly int[][] _groups;
    private readonly IReadOnlyList<int>[] _views;
    private readonly int[] _groupOf;

    /// <summary>Takes over groups that already form a partition; brings them into canonical order.</summary>
    private TaskGroups(int[][] groups, int tasks)
    {
        foreach (int[] group in groups)
            Array.Sort(group);
        Array.Sort(groups, (a, b) => a[0].CompareTo(b[0]));
        _groups = groups;
        _views = Array.ConvertAll(groups, IReadOnlyList<int> (group) => Array.AsReadOnly(group));
        _groupOf = new int[tasks];
        for (int g = 0; g < groups.Length; g++)
            foreach (int task in groups[g])
                _groupOf[task] = g;
    }

    /// <summary>All tasks in one group.</summary>
    /// <param name="tasks">Number of tasks, at least 1.</param>
    public static TaskGroups Together(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        return new TaskGroups([[.. Enumerable.Range(0, tasks)]], tasks);
    }

    /// <summary>Every task in a group of its own.</summary>
    /// <param name="tasks">Number of tasks, at least 1.</param>
    public static TaskGroups Singletons(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        return new TaskGroups([.. Enumerable.Range(0, tasks).Select(task => new[] { task })], tasks);
    }

    /// <summary>Groups given by their members, in any order.</summary>
    /// <param name="groups">Task indices; together exactly 0 ... K-1, each once; no empty group.</param>
    /// <exception cref="ArgumentException">No partition: the message names the group or task at fault.</exception>
    public static TaskGroups Of(IEnumerable<IEnumerable<int>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        int[][] copies = [.. groups.Select(group => group.ToArray())];
        int tasks = copies.Sum(group => group.Length);
        if (tasks == 0) throw new ArgumentException("task groups need at least one task", nameof(groups));
        bool[] seen = new bool[tasks];
        foreach (int[] group in copies)
        {
            if (group.Length == 0) throw new ArgumentException("a task group is empty", nameof(groups));
            foreach (int task in group)
            {
                // With as many members as tasks, a task too many, a repeat and a gap are the same mistake.
                if (task < 0 || task >= tasks)
                    throw new ArgumentException($"task {task} is outside 0 ... {tasks - 1} (the groups have {tasks} members; "
                        + "each task must be in exactly one group)", nameof(groups));
                if (seen[task]) throw new ArgumentException($"task {task} is in the groups twice", nameof(groups));
                seen[task] = true;
            }
        }

        return new TaskGroups(copies, tasks);
    }

    /// <summary>Groups given by a label per task: tasks with equal labels share a group.</summary>
    /// <param name="labels">One label per task; any integers.</param>
    public static TaskGroups FromLabels(ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty) throw new ArgumentException("task groups need at least one task", nameof(labels));
        var groups = new Dictionary<int, List<int>>();
        for (int task = 0; task < labels.Length; task++)
        {
            if (!groups.TryGetValue(labels[task], out List<int>? group))
                groups.Add(labels[task], group = []);
            group.Add(task);
        }

        return new TaskGroups([.. groups.Values.Select(group => group.ToArray())], labels.Length);
    }

    /// <summary>
    /// Reads groups from text: members separated by commas, groups by semicolons, as in "0,2;1" or "moisture,fat;protein".
    /// </summary>
    /// <param name="text">What <see cref="ToString()"/> writes, or the same with task names. Blanks around members are ignored.</param>
    /// <param name="taskNames">Names of all tasks in task order; a member is looked up here first and read as an index
    /// otherwise. Null: indices only.</param>
    /// <exception cref="FormatException">Not of this form, or no partition of the tasks; the message says which member.</exception>
    public static TaskGroups Parse(string text, IReadOnlyList<string>? taskNames = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        TaskGroups groups;
        try
        {
            groups = Of(text.Split(';').Select(group => group.Split(',').Select(member => ParseMember(member, taskNames))));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"task groups '{text}': {e.Message}", e);
        }

        if (taskNames is not null && groups.TaskCount != taskNames.Count)
            throw new FormatException($"task groups '{text}': {groups.TaskCount} tasks are in the groups, but there are "
                + $"{taskNames.Count}: {string.Join(", ", taskNames)}");
        return groups;
    }

    private static int ParseMember(string text, IReadOnlyList<string>? taskNames)
    {
        string member = text.Trim();
        for (int task = 0; task < (taskNames?.Count ?? 0); task++)
            if (taskNames![task] == member)
                return task;
        if (int.TryParse(member, NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return index;
        throw new FormatException(member.Length == 0
            ? $"task groups: a member is missing before or after a separator in '{text}'"
            : $"task groups: '{member}' is neither a task index nor the name of a task"
                + (taskNames is null ? "" : $" ({string.Join(", ", taskNames)})"));
    }

    /// <summary>Number of groups.</summary>
    public int Count => _groups.Length;

    /// <summary>Number of tasks over all groups, K.</summary>
    public int TaskCount => _groupOf.Length;

    /// <summary>Members of a group, ascending.</summary>
    public IReadOnlyList<int> this[int group] => _views[group];

    /// <summary>Members of a group, ascending, without a copy.</summary>
    public ReadOnlySpan<int> Members(int group) => _groups[group];

    /// <summary>Index of the group a task is in.</summary>
    public int GroupOf(int task) => _groupOf[task];

    /// <summary>The groups as arrays of their own, for writing them as JSON.</summary>
    public int[][] ToArrays() => Array.ConvertAll(_groups, group => (int[])group.Clone());

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyList<int>> GetEnumerator() => ((IEnumerable<IReadOnlyList<int>>)_views).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both are the same partition.</summary>
    public bool Equals(TaskGroups? other) => other is not null && _groupOf.AsSpan().SequenceEqual(other._groupOf);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TaskGroups);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int group in _groupOf)
            hash.Add(group);
        return hash.ToHashCode();
    }

    /// <summary>Whether both are the same partition.</summary>
    public static bool operator ==(TaskGroups? left, TaskGroups? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the partitions differ.</summary>
    public static bool operator !=(TaskGroups? left, TaskGroups? right) => !(left == right);

    /// <summary>The groups by index, as "0,2;1"; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() => string.Join(";", _groups.Select(group => string.Join(",", group)));

    /// <summary>The groups by name, for people: "{moisture, fat} {protein}".</summary>
    /// <param name="taskNames">Names of all tasks in task order.</param>
    public string ToString(IReadOnlyList<string> taskNames)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        if (taskNames.Count != TaskCount)
            throw new ArgumentException($"expected {TaskCount} task names, got {taskNames.Count}", nameof(taskNames));
        return string.Join(" ", _groups.Select(group => "{" + string.Join(", ", group.Select(task => taskNames[task])) + "}"));
    }
}
