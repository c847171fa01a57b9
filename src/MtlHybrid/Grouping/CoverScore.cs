using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>What a cover is worth: the sum over tasks of the mean affinity that a task receives from the other members of the
/// group that is best for it.</summary>
public static class CoverScore
{
    /// <summary>The score of a task in a group of its own.</summary>
    public const double Alone = -1e6;

    /// <summary>The score of groups that may overlap.</summary>
    /// <param name="affinity">[K, K]; row = source task, column = target task; the diagonal does not count.</param>
    /// <param name="groups">Groups of the same K tasks.</param>
    /// <exception cref="ArgumentException">The numbers of tasks differ.</exception>
    public static double Of(Matrix<double> affinity, TaskGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        int tasks = AffinityNormalizer.RequireSquare(affinity, groups);
        double sum = 0;
        for (int task = 0; task < tasks; task++)
            sum += groups.GroupsOf(task).Max(group => Of(affinity, groups[group], task));
        return sum;
    }

    /// <summary>The mean affinity that a member receives from the others of its group.</summary>
    private static double Of(Matrix<double> affinity, IReadOnlyList<int> group, int task) =>
        group.Count == 1 ? Alone : group.Where(source => source != task).Sum(source => affinity[source, task]) / (group.Count - 1);
}
