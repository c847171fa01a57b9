using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>Every task in a group of its own, whatever the affinity: tasks take turns.</summary>
public sealed class Singletons : IGrouping
{
    /// <inheritdoc/>
    public string Name => "singletons";

    /// <inheritdoc/>
    public bool NeedsAffinity => false;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0) =>
        new(TaskGroups.Singletons(AffinityNormalizer.RequireSquare(affinity, previous)));
}
