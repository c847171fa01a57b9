namespace MtlHybrid.Grouping;

/// <summary>Settings of hierarchical clustering.</summary>
public sealed record HierarchicalClusteringOptions
{
    /// <summary>What is done to the affinity matrix first; decides the scale of <see cref="Threshold"/>.</summary>
    /// <value><see cref="AffinityNormalization.SelfAffinity"/> by default; use <see cref="AffinityNormalization.None"/> for
    /// matrices that are similarities already.</value>
    public AffinityNormalization Normalization { get; init; } = AffinityNormalization.SelfAffinity;

    /// <summary>Two groups are joined only if the mean similarity between their members is above this. On the scale of
    /// normalised affinity, 1 is what a task gains from its own updates, 0 is no effect, and below 0 the tasks hurt each other.</summary>
    /// <value>Finite; 0 by default: tasks stay together while on average they help each other.</value>
    public double Threshold { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
        InvalidOptionException.Require(double.IsFinite(Threshold), nameof(Threshold), "finite", Threshold);
    }
}
