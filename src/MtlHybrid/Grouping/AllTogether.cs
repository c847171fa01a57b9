using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>One group of all tasks, whatever the affinity: joint training.</summary>
public sealed class AllTogether : IGrouping
{
    /// <inheritdoc/>
    public string Name => "together";

    /// <inheritdoc/>
    public bool NeedsAffinity => false;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0) =>
        new(TaskGroups.Together(AffinityNormalizer.RequireSquare(affinity, previous)));
}
