using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// Decides which tasks are updated together. Implementations keep no state between calls: the same arguments give the same
/// groups, on any thread.
/// </summary>
public interface IGrouping
{
    /// <summary>Name in <see cref="GroupingCatalog"/> and on the command line.</summary>
    string Name { get; }

    /// <summary>Whether the groups depend on the affinity; where not, they need no measurements and can be made before any.</summary>
    bool NeedsAffinity { get; }

    /// <summary>Most tasks it can group.</summary>
    int MaximumTasks => int.MaxValue;

    /// <summary>Groups the tasks.</summary>
    /// <param name="affinity">[K, K]; row = source task, column = target task; how much an update of the source helped the
    /// target.</param>
    /// <param name="previous">The groups in force, a partition of the same K tasks; null when there are none yet.</param>
    /// <param name="seed">Seed of the run. What merely breaks ties depends on nothing else, so that groups do not flap.</param>
    /// <param name="draw">Number of this regrouping, for groupings that are drawn anew each time.</param>
    /// <exception cref="ArgumentException">The matrix is not square or <paramref name="previous"/> has another number of
    /// tasks.</exception>
    /// <exception cref="InvalidOptionException">There are more tasks than <see cref="MaximumTasks"/>.</exception>
    GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0);
}
