namespace MtlHybrid.Grouping;

/// <summary>Settings of the search for the best cover.</summary>
public sealed record CoverSearchOptions
{
    /// <summary>What is done to the affinity matrix first.</summary>
    /// <value><see cref="AffinityNormalization.None"/> by default, as in the paper: affinity has a direction, and its unit, the share
    /// of a loss that a step removes, is the same for all tasks.</value>
    public AffinityNormalization Normalization { get; init; } = AffinityNormalization.None;

    /// <summary>Most groups.</summary>
    /// <value>At least 1; null by default: about the square root of the number of tasks, at least 2.</value>
    public int? MaxGroups { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
        InvalidOptionException.Require(MaxGroups is null or >= 1, nameof(MaxGroups), "at least 1", MaxGroups);
    }
}
