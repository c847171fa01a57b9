using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// FairGrad (H. Ban, K. Ji 2024): an alpha-fair share of progress, weights a > 0 with M a = a^(-1/alpha), found by Newton's method.
/// alpha = 1 is proportional fairness, Nash-MTL without its clipping; the larger, the nearer to helping the worst-off task most. Weights
/// stay finite as in Nash-MTL. Needs the Gram matrix; costs a step with task gradients. Heads step on plain gradients. With alpha = 1,
/// |d| = sqrt K; in general gradients c times as long make d c^((1 - alpha) / (1 + alpha)) times as long.
/// </summary>
public sealed record FairGradOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.FairGrad;

    /// <summary>The fairness: g_i . d = a_i^(-1/alpha).</summary>
    /// <value>Finite and in [0.1, 10]; 1 by default (1 and 2 in the paper).</value>
    [OptionText("fairness: 1 is proportional, larger favours the worst-off task; in [0.1, 10]")]
    public double Alpha { get; init; } = 1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "an alpha-fair share of progress among the tasks", new FairGradOptions())
        {
            Title = "FairGrad",
            Source = "Ban, Ji 2024, Fair Resource Allocation in Multi-Task Learning, arXiv 2402.15638",
            Rule = "d = sum a_i g_i, a > 0, M a = a^(-1/alpha)",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Alpha is >= 0.1 and <= 10, nameof(Alpha), "in [0.1, 10]", Alpha);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new FairGrad(Alpha);
}
