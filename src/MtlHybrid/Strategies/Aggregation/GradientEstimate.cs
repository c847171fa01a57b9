namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Where the inner products of task gradients come from: exact, or an estimate that costs less. The update itself is
/// always made of the gradients of the whole batch; an estimate only decides the weights.</summary>
public sealed record GradientEstimate
{
    /// <summary>How the inner products are obtained.</summary>
    /// <value>Exact by default.</value>
    public GradientEstimateKind Kind { get; init; }

    /// <summary>Share of the batch's rows that <see cref="GradientEstimateKind.Subsample"/> takes.</summary>
    /// <value>In (0, 1]; 0.5 by default.</value>
    public double Share { get; init; } = 0.5;

    /// <summary>Batches from one exact Gram matrix to the next with <see cref="GradientEstimateKind.Interval"/>.</summary>
    /// <value>At least 1; 10 by default.</value>
    public int Interval { get; init; } = 10;

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Share is > 0 and <= 1, nameof(Share), "in (0, 1]", Share);
        InvalidOptionException.Require(Interval >= 1, nameof(Interval), "at least 1", Interval);
    }
}
