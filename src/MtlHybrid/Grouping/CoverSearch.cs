using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// The best cover with at most b groups (C. Fifty et al., "Efficiently Identifying Task Groupings for Multi-Task Learning", 2021). A
/// task is served by its best group: it scores the mean affinity that it receives from the other members there, and -1e6 where
/// it is alone everywhere. The cover with the largest sum of scores is found exactly, by branch and bound.
/// </summary>
/// <remarks>
/// <para>Groups may overlap: a task can be a member of a group only to help others, while another group serves it. Of
/// equally good covers one with few groups and few such helpers is taken, and the groups in force are kept where they are as
/// good.</para>
/// <para>Nobody is left alone, since that never scores; where tasks only hurt each other, use another grouping.</para>
/// <para>The number of possible groups doubles with every task, hence <see cref="MaximumTasks"/>. The bounds decide the time: at most
/// seconds for 20 tasks, and milliseconds up to 12.</para>
/// </remarks>
public sealed class CoverSearch : IGrouping
{
    private const int TaskLimit = 20;
    private readonly CoverSearchOptions _options;

    /// <summary>A search with the given settings.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public CoverSearch(CoverSearchOptions? options = null)
    {
        _options = options ?? new CoverSearchOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "cover";

    /// <inheritdoc/>
    public bool NeedsAffinity => true;

    /// <inheritdoc/>
    public int MaximumTasks => TaskLimit;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        int tasks = AffinityNormalizer.RequireSquare(affinity, previous);
        InvalidOptionException.Require(tasks <= TaskLimit, nameof(GroupingOptions.Method),
            $"another than {Name} for more than {TaskLimit} tasks, for example hierarchical", $"{Name} for {tasks} tasks");
        Matrix<double> received = AffinityNormalizer.RequireFinite(AffinityNormalizer.Normalize(affinity, _options.Normalization));
        int most = Math.Min(tasks, _options.MaxGroups ?? Math.Max(2, (int)Math.Round(Math.Sqrt(tasks))));

        var values = new ServedSetValues(received);
        int[] best = new ServedSetPartition(values, most).Solve();
        TaskGroups groups = ToCover(best, values, received);
        double score = CoverScore.Of(received, groups);
        if (previous is not null && previous.Count <= most && CoverScore.Of(received, previous) >= score)
            groups = previous;
        return new GroupingResult(groups) { Score = CoverScore.Of(received, groups) };
    }

    /// <summary>The group that serves each set best, without groups whose members are served as well elsewhere.</summary>
    private static TaskGroups ToCover(int[] served, ServedSetValues values, Matrix<double> affinity)
    {
        List<int> groups = [.. served.Select(values.BestGroup).Distinct()];
        double score = CoverScore.Of(affinity, AsGroups(groups));
        foreach (int group in groups.ToArray())
        {
            List<int> others = [.. groups.Where(other => other != group)];
            bool covers = others.Aggregate(0, (union, other) => union | other) == groups.Aggregate(0, (union, other) => union | other);
            if (covers && CoverScore.Of(affinity, AsGroups(others)) >= score) groups = others;
        }

        return AsGroups(groups);
    }

    private static TaskGroups AsGroups(IEnumerable<int> sets) => TaskGroups.Of(
        sets.Select(set => Enumerable.Range(0, TaskLimit).Where(task => (set >> task & 1) != 0)), allowOverlap: true);
}
