using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>ExcessMTL (Y. He et al. 2024, Robust Multi-Task Learning with Excess Risks): S_ip += g_ip^2, excess risk E_i = sum_p
/// g_ip^2 / sqrt(S_ip + 1e-7) divided by the task's first one; w_i &lt;- w_i exp(eta E_i), renormalised; d = sum w_i g_i. Needs all
/// gradients element by element and keeps as many sums of squares. The weights have the sum K, so d has the scale of a
/// sum.</summary>
public sealed record ExcessMtlOptions : MatrixAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.ExcessMtl;

    /// <summary>Step of the weights.</summary>
    /// <value>Finite and at least 0; 0.01 by default.</value>
    [OptionText("step of the weights, at least 0")]
    public double Eta { get; init; } = 0.01;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "more weight for tasks that are still far from their optimum", new ExcessMtlOptions())
    {
        Title = "ExcessMTL",
        Source = "He, Zhou, Wang, Zhao 2024, Robust Multi-Task Learning with Excess Risks, arXiv 2402.02009",
        Rule = "S_i += g_i^2; E_i = sum_p g_ip^2 / sqrt(S_ip + 1e-7), divided by the first; w_i <- w_i exp(eta E_i), sum K; d = sum w_i g_i",
        Needs = StrategyNeeds.Matrix,
        Cost = MatrixCost + ", twice",
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(Eta);
    }

    /// <inheritdoc/>
    public override IMatrixAggregator CreateAggregator() => new ExcessMtl(Eta);
}
