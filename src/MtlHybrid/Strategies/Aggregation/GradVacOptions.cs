using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>GradVac, "gradient vaccine" (Z. Wang et al. 2021, Gradient Vaccine: Investigating and Improving Multi-task Optimization
/// in Massively Multilingual Models): as PCGrad, but where the cosine c of g_i' and g_j is below the target t of the pair, g_i' is
/// turned until it is t: g_i' += g_j |g_i'| (t sqrt(1 - c^2) - c sqrt(1 - t^2)) / (|g_j| sqrt(1 - t^2)); then t &lt;- (1 - beta) t
/// + beta c. Targets begin at 0, so that the first batch is PCGrad's, and end at 0.9999, since a target of 1 cannot be reached.
/// Needs the Gram matrix only. d has the scale of a sum.</summary>
public sealed record GradVacOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.GradVac;

    /// <summary>Share of a new cosine in the moving average.</summary>
    /// <value>In [0, 1]; 0.5 by default; 0: PCGrad.</value>
    [OptionText("share of a new cosine in the moving average, in [0, 1]")]
    public double Beta { get; init; } = 0.5;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "turns gradients towards the cosines that pairs of tasks had before", new GradVacOptions())
    {
        Title = "GradVac",
        Source = "Wang, Tsvetkov, Firat, Cao 2021, Gradient Vaccine, arXiv 2010.05874",
        Rule = "as pcgrad, where cos_ij < t_ij: g_i' += g_j |g_i'| (t sqrt(1-c^2) - c sqrt(1-t^2)) / (|g_j| sqrt(1-t^2)); t <- (1 - beta) t + beta c",
        Needs = StrategyNeeds.Gram,
        Cost = GramCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Beta is >= 0 and <= 1, nameof(Beta), "in [0, 1]", Beta);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new GradVac(Beta);
}
