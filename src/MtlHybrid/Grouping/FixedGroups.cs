using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>Groups given by the user, whatever the affinity.</summary>
/// <param name="groups">The groups; <see cref="TaskGroups.Parse"/> reads them by index or by name.</param>
public sealed class FixedGroups(TaskGroups groups) : IGrouping
{
    private readonly TaskGroups _groups = groups ?? throw new ArgumentNullException(nameof(groups));

    /// <inheritdoc/>
    public string Name => "fixed";

    /// <inheritdoc/>
    public bool NeedsAffinity => false;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        int tasks = AffinityNormalizer.RequireSquare(affinity, previous);
        if (tasks != _groups.TaskCount)
            throw new ArgumentException($"the fixed groups are of {_groups.TaskCount} tasks, but there are {tasks}");
        return new GroupingResult(_groups);
    }
}
