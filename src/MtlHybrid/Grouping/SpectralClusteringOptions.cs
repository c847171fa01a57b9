namespace MtlHybrid.Grouping;

/// <summary>Settings of spectral clustering.</summary>
public sealed record SpectralClusteringOptions
{
    /// <summary>What is done to the affinity matrix first.</summary>
    /// <value><see cref="AffinityNormalization.SelfAffinity"/> by default; use <see cref="AffinityNormalization.None"/> for
    /// matrices that are similarities already.</value>
    public AffinityNormalization Normalization { get; init; } = AffinityNormalization.SelfAffinity;

    /// <summary>Number of groups.</summary>
    /// <value>At least 1; with fewer tasks than that, every task is alone. Null (the default): where the gap between neighbouring
    /// eigenvalues is largest.</value>
    public int? Groups { get; init; }

    /// <summary>Most groups that the gap between eigenvalues may ask for.</summary>
    /// <value>At least 1; null (the default): as many as tasks.</value>
    public int? MaxGroups { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
        InvalidOptionException.Require(Groups is null or >= 1, nameof(Groups), "at least 1", Groups);
        InvalidOptionException.Require(MaxGroups is null or >= 1, nameof(MaxGroups), "at least 1", MaxGroups);
    }
}
