using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>SDMGrad (P. Xiao et al. 2023, Direction-oriented Multi-objective Learning): min-norm weights kept near the mean
/// gradient g0: some projected steps per batch, w &lt;- proj(w - (J1 J2^T w + lambda J1 g0_2) / L), J1 and J2 the task gradients on
/// two halves of the batch, from the weights of the batch before; d = (sum w_i g_i + lambda g0) / (1 + lambda). L, the largest
/// absolute row sum of J1 J2^T, takes the place of a rate that would have to be tuned. d has the scale of a mean.</summary>
public sealed record SDMGradOptions : HalfBatchAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.SDMGrad;

    /// <summary>Pull towards the mean gradient.</summary>
    /// <value>Finite and at least 0; 0.3 by default.</value>
    [OptionText("pull towards the mean gradient, at least 0")]
    public double Lambda { get; init; } = 0.3;

    /// <summary>Steps on the weights per batch.</summary>
    /// <value>In [1, 10000]; 20 by default.</value>
    [OptionText("steps on the weights per batch, in [1, 10000]")]
    public int Iterations { get; init; } = 20;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(
        Name, "min-norm weights kept near the mean gradient, from two halves of the batch", new SDMGradOptions())
    {
        Title = "SDMGrad",
        Source = "Xiao, Ban, Ji 2023, Direction-oriented Multi-objective Learning, arXiv 2305.18409",
        Rule = "w <- proj(w - (J1 J2^T w + lambda J1 g0_2) / L), some steps; d = (sum w_i g_i + lambda g0) / (1 + lambda), g0 the mean gradient",
        Needs = StrategyNeeds.HalfBatchGram,
        Cost = HalfBatchCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(Lambda);
        InvalidOptionException.Require(Iterations is >= 1 and <= 10_000, nameof(Iterations), "in [1, 10000]", Iterations);
    }

    /// <inheritdoc/>
    public override IHalfBatchAggregator CreateAggregator() => new SDMGrad(Lambda, Iterations);
}
