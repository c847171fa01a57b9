using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// Groups drawn uniformly at random at every regrouping, whatever the affinity: the control that tells whether it matters
/// which tasks are together, or only how many groups there are.
/// </summary>
public sealed class RandomGroups : IGrouping
{
    private readonly int _count;
    private readonly int[]? _sizes;

    /// <summary>A number of groups, of sizes as equal as possible.</summary>
    /// <param name="count">At least 1; with fewer tasks than that, every task is alone.</param>
    public RandomGroups(int count)
    {
        InvalidOptionException.Require(count >= 1, "Count", "at least 1", count);
        _count = count;
    }

    /// <summary>Groups of given sizes.</summary>
    /// <param name="sizes">Each at least 1; their sum is the number of tasks.</param>
    public RandomGroups(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        InvalidOptionException.Require(sizes.Count >= 1 && sizes.All(size => size >= 1), "Sizes", "one or more sizes of at least 1",
            string.Join(",", sizes));
        _sizes = [.. sizes];
    }

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public bool NeedsAffinity => false;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        int tasks = AffinityNormalizer.RequireSquare(affinity, previous);
        int[] sizes = _sizes ?? EqualSizes(tasks, Math.Min(_count, tasks));
        if (sizes.Sum() != tasks)
            throw new ArgumentException($"the random groups are of {sizes.Sum()} tasks ({string.Join("+", sizes)}), but there are {tasks}");

        int[] order = [.. Enumerable.Range(0, tasks)];
        new SeededGenerator(seed, draw).Shuffle(order);
        int[][] groups = new int[sizes.Length][];
        for (int g = 0, start = 0; g < sizes.Length; start += sizes[g++])
            groups[g] = order[start..(start + sizes[g])];
        return new GroupingResult(TaskGroups.Of(groups));
    }

    private static int[] EqualSizes(int tasks, int count)
    {
        int[] sizes = new int[count];
        for (int g = 0; g < count; g++)
            sizes[g] = tasks / count + (g < tasks % count ? 1 : 0);
        return sizes;
    }
}
