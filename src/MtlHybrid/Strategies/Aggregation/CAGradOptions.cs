using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// CAGrad, conflict-averse gradient descent (B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu 2021): of all directions within c |g0| of the
/// mean gradient g0, the one best for the task it is worst for: d = g0 + c |g0| g_w / |g_w|, w = argmin over the simplex of
/// g_w . g0 + c |g0| |g_w|, found exactly. Where g_w vanishes within the precision of the inner products, d = g0. Needs the
/// Gram matrix; costs a step with task gradients. Heads step on plain gradients. d has the scale of a mean, up to 1 + c times.
/// </summary>
public sealed record CAGradOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.CAGrad;

    /// <summary>Radius of the search around the mean gradient, as a share of its length: 0 is the mean, and from 1 on d tends to MGDA.</summary>
    /// <value>Finite and at least 0; 0.5 by default (0.4 and 0.2 in the paper, 0.5 in its toy problem).</value>
    [OptionText("radius of the search around the mean gradient, as a share of its length, at least 0")]
    public double C { get; init; } = 0.5;

    /// <summary>What d is multiplied by in the end.</summary>
    /// <value>None by default; linear: 1 / (1 + c); square: 1 / (1 + c^2), as in the authors' program.</value>
    [OptionText("what the update is multiplied by: none (1), linear (1 / (1 + c)) or square (1 / (1 + c^2))")]
    public CAGradRescale Rescale { get; init; } = CAGradRescale.None;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "near the mean gradient, the direction best for the task it is worst for", new CAGradOptions())
        {
            Title = "CAGrad",
            Source = "Liu, Liu, Jin, Stone, Liu 2021, Conflict-Averse Gradient Descent for Multi-task Learning, arXiv 2110.14048",
            Rule = "d = g0 + c |g0| g_w / |g_w|, g0 = mean g_i, w = argmin over the simplex of g_w . g0 + c |g0| |g_w|",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(C);
        InvalidOptionException.Require(Enum.IsDefined(Rescale), nameof(Rescale), "none, linear or square", Rescale);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new CAGrad(C, Rescale);
}
