namespace MtlHybrid.Grouping;

/// <summary>Settings of conflict colouring.</summary>
public sealed record ConflictColouringOptions
{
    /// <summary>What is done to the affinity matrix first; decides the scale of <see cref="Threshold"/>.</summary>
    /// <value><see cref="AffinityNormalization.SelfAffinity"/> by default; use <see cref="AffinityNormalization.None"/> for cosines
    /// of gradients and other matrices that are similarities already.</value>
    public AffinityNormalization Normalization { get; init; } = AffinityNormalization.SelfAffinity;

    /// <summary>Two tasks are in conflict, and never share a group, when their affinity is below this in one direction at
    /// least.</summary>
    /// <value>Finite; 0 by default: tasks that hurt each other are in conflict.</value>
    public double Threshold { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
        InvalidOptionException.Require(double.IsFinite(Threshold), nameof(Threshold), "finite", Threshold);
    }
}
