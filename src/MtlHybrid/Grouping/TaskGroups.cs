using System.Collections;
using System.Globalization;

namespace MtlHybrid.Grouping;

/// <summary>
/// Groups of the tasks 0 ... K-1. Every task is in exactly one group or, where that was allowed, in several: it then is updated in
/// the turn of each. Groups are kept in canonical order (members ascending, groups by their members), so that equal groups are
/// equal objects. Immutable.
/// </summary>
public sealed class TaskGroups : IReadOnlyList<IReadOnlyList<int>>, IEquatable<TaskGroups>
{
    private readonly int[][] _groups;
    private readonly IReadOnlyList<int>[] _views;
    private readonly IReadOnlyList<int>[] _groupsOf;

    /// <summary>Takes over groups that already cover the tasks; brings them into canonical order.</summary>
    private TaskGroups(int[][] groups, int tasks)
    {
        foreach (int[] group in groups)
            Array.Sort(group);
        Array.Sort(groups, (a, b) => a.AsSpan().SequenceCompareTo(b));
        _groups = groups;
        _views = Array.ConvertAll(groups, IReadOnlyList<int> (group) => Array.AsReadOnly(group));
        var groupsOf = new List<int>[tasks];
        for (int g = 0; g < groups.Length; g++)
            foreach (int task in groups[g])
                (groupsOf[task] ??= []).Add(g);
        _groupsOf = Array.ConvertAll(groupsOf, IReadOnlyList<int> (list) => list.AsReadOnly());
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
    /// <param name="groups">Task indices; together exactly 0 ... K-1; no empty group, no task twice in a group, no group
    /// twice.</param>
    /// <param name="allowOverlap">Whether a task may be in several groups.</param>
    /// <exception cref="ArgumentException">Not such groups: the message names the group or task at fault.</exception>
    public static TaskGroups Of(IEnumerable<IEnumerable<int>> groups, bool allowOverlap = false)
    {
        ArgumentNullException.ThrowIfNull(groups);
        int[][] copies = [.. groups.Select(group => group.ToArray())];
        if (Array.Exists(copies, group => group.Length == 0)) throw new ArgumentException("a task group is empty", nameof(groups));
        if (copies.Length == 0) throw new ArgumentException("task groups need at least one task", nameof(groups));
        return new TaskGroups(copies, allowOverlap ? CountCovered(copies) : CountDivided(copies));
    }

    /// <summary>The number of tasks of groups that have to be a partition.</summary>
    private static int CountDivided(int[][] groups)
    {
        int tasks = groups.Sum(group => group.Length);
        bool[] seen = new bool[tasks];
        foreach (int task in groups.SelectMany(group => group))
        {
            // With as many members as tasks, a task too many, a repeat and a gap are the same mistake.
            if (task < 0 || task >= tasks)
                throw new ArgumentException($"task {task} is outside 0 ... {tasks - 1} (the groups have {tasks} members; "
                    + "each task must be in exactly one group)", nameof(groups));
            if (seen[task]) throw new ArgumentException($"task {task} is in the groups twice", nameof(groups));
            seen[task] = true;
        }

        return tasks;
    }

    /// <summary>The number of tasks of groups that may overlap.</summary>
    private static int CountCovered(int[][] groups)
    {
        foreach (int[] group in groups)
        {
            int[] members = [.. group.Order()];
            if (members[0] < 0) throw new ArgumentException($"task {members[0]} is below 0", nameof(groups));
            for (int i = 1; i < members.Length; i++)
                if (members[i] == members[i - 1])
                    throw new ArgumentException($"task {members[i]} is in a group twice", nameof(groups));
        }

        foreach (var same in groups.GroupBy(group => string.Join(",", group.Order())))
            if (same.Count() > 1)
                throw new ArgumentException($"the group {same.Key} is there twice", nameof(groups));
        int[] tasks = [.. groups.SelectMany(group => group).Distinct().Order()];
        for (int task = 0; task < tasks.Length; task++)
            if (tasks[task] != task)
                throw new ArgumentException($"task {task} is in no group, but task {tasks[^1]} is", nameof(groups));
        return tasks.Length;
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
    /// <param name="allowOverlap">Whether a task may be in several groups.</param>
    /// <exception cref="FormatException">Not of this form, or no groups of the tasks; the message says which member.</exception>
    public static TaskGroups Parse(string text, IReadOnlyList<string>? taskNames = null, bool allowOverlap = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        TaskGroups groups;
        try
        {
            groups = Of(text.Split(';').Select(group => group.Split(',').Select(member => ParseMember(member, taskNames))), allowOverlap);
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
    public int TaskCount => _groupsOf.Length;

    /// <summary>Whether every task is in exactly one group.</summary>
    public bool IsPartition => Array.TrueForAll(_groupsOf, groups => groups.Count == 1);

    /// <summary>Members of a group, ascending.</summary>
    public IReadOnlyList<int> this[int group] => _views[group];

    /// <summary>Members of a group, ascending, without a copy.</summary>
    public ReadOnlySpan<int> Members(int group) => _groups[group];

    /// <summary>Indices of the groups a task is in, ascending: one, or more where groups overlap.</summary>
    public IReadOnlyList<int> GroupsOf(int task) => _groupsOf[task];

    /// <summary>The groups as arrays of their own, for writing them as JSON.</summary>
    public int[][] ToArrays() => Array.ConvertAll(_groups, group => (int[])group.Clone());

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyList<int>> GetEnumerator() => ((IEnumerable<IReadOnlyList<int>>)_views).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both are the same groups.</summary>
    public bool Equals(TaskGroups? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other.Count != Count) return false;
        for (int g = 0; g < _groups.Length; g++)
            if (!_groups[g].AsSpan().SequenceEqual(other._groups[g]))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TaskGroups);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int[] group in _groups)
        {
            hash.Add(group.Length);
            foreach (int task in group) hash.Add(task);
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether both are the same groups.</summary>
    public static bool operator ==(TaskGroups? left, TaskGroups? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the groups differ.</summary>
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
