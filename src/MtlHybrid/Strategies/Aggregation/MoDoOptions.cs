using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>MoDo, "double sampling" (L. Chen et al. 2023, Three-Way Trade-Off in Multi-Objective Learning): lambda &lt;-
/// proj(lambda - gamma (J1 J2^T / s + rho I) lambda) on the simplex, J1 and J2 the task gradients on two halves of the batch, whose
/// product is an unbiased estimate; s the mean of |g_i|^2, so that steps do not depend on the unit of losses; d = sum lambda_i g_i
/// on the whole batch (the authors draw a third batch for it). d has the scale of a mean.</summary>
public sealed record MoDoOptions : HalfBatchAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.MoDo;

    /// <summary>Step of the weights.</summary>
    /// <value>Finite and at least 0; 0.001 by default.</value>
    [OptionText("step of the weights, at least 0")]
    public double Gamma { get; init; } = 0.001;

    /// <summary>Pull towards equal weights.</summary>
    /// <value>Finite and at least 0; 0.1 by default.</value>
    [OptionText("pull towards equal weights, at least 0")]
    public double Rho { get; init; } = 0.1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "min-norm weights from two halves of the batch, one step per batch", new MoDoOptions())
    {
        Title = "MoDo",
        Source = "Chen, Fernando, Ying, Chen 2023, Three-Way Trade-Off in Multi-Objective Learning, arXiv 2305.20057",
        Rule = "lambda <- proj(lambda - gamma (J1 J2^T / s + rho I) lambda), s = mean |g_i|^2; d = sum lambda_i g_i",
        Needs = StrategyNeeds.HalfBatchGram,
        Cost = HalfBatchCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(Gamma);
        InvalidOptionException.RequireAtLeast0(Rho);
    }

    /// <inheritdoc/>
    public override IHalfBatchAggregator CreateAggregator() => new MoDo(Gamma, Rho);
}
