namespace MtlHybrid.Grouping;

/// <summary>Settings of affinity propagation; the defaults are those of selective task group updates.</summary>
public sealed record AffinityPropagationOptions
{
    /// <summary>What is done to the affinity matrix first.</summary>
    /// <value><see cref="AffinityNormalization.SelfAffinity"/> by default; use <see cref="AffinityNormalization.None"/> for
    /// matrices that are similarities already.</value>
    public AffinityNormalization Normalization { get; init; } = AffinityNormalization.SelfAffinity;

    /// <summary>Preference of every task to be an exemplar: higher gives more groups.</summary>
    /// <value>A finite number; null (the default) is the median of all K x K similarities, the diagonal included.</value>
    public double? Preference { get; init; }

    /// <summary>Share of the old value kept when a message is updated; more damps oscillations.</summary>
    /// <value>In [0.5, 1); 0.5 by default.</value>
    public double Damping { get; init; } = 0.5;

    /// <summary>Rounds of messages before the clustering counts as not converged.</summary>
    /// <value>At least 1; 200 by default.</value>
    public int MaxIterations { get; init; } = 200;

    /// <summary>Rounds that <see cref="AffinityPropagation.Group"/> goes on to where <see cref="MaxIterations"/> were not enough,
    /// before it keeps the previous groups.</summary>
    /// <value>At least 0; 2000 by default. Not above <see cref="MaxIterations"/>: no second try.</value>
    public int RetryIterations { get; init; } = 2000;

    /// <summary>Rounds in a row in which the exemplars must not change.</summary>
    /// <value>At least 1; 50 by default.</value>
    public int ConvergenceIterations { get; init; } = 50;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
        InvalidOptionException.Require(Preference is null || double.IsFinite(Preference.Value), nameof(Preference), "finite", Preference);
        InvalidOptionException.Require(Damping is >= 0.5 and < 1, nameof(Damping), "in [0.5, 1)", Damping);
        InvalidOptionException.Require(MaxIterations >= 1, nameof(MaxIterations), "at least 1", MaxIterations);
        InvalidOptionException.Require(RetryIterations >= 0, nameof(RetryIterations), "at least 0", RetryIterations);
        InvalidOptionException.Require(ConvergenceIterations >= 1, nameof(ConvergenceIterations), "at least 1", ConvergenceIterations);
    }
}
