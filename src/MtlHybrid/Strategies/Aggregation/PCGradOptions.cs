using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>PCGrad, "gradient surgery" (T. Yu et al. 2020, Gradient Surgery for Multi-Task Learning): every gradient loses its
/// component against each other one that it conflicts with, the others in random order: for j != i, where g_i' . g_j &lt; 0: g_i'
/// -= (g_i' . g_j / |g_j|^2) g_j; d = sum g_i'. Needs the Gram matrix only: the projections are done on coefficients. d has the
/// scale of a sum. Heads step on their plain gradients unless <see cref="AggregatorOptions.HeadScaling"/> says otherwise.</summary>
public sealed record PCGradOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.PCGrad;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "projects conflicting gradients on each other's normal planes", new PCGradOptions())
    {
        Title = "PCGrad",
        Source = "Yu, Kumar, Gupta, Levine, Hausman, Finn 2020, Gradient Surgery for Multi-Task Learning, arXiv 2001.06782",
        Rule = "for each i, over j != i in random order, where g_i'.g_j < 0: g_i' -= (g_i'.g_j / |g_j|^2) g_j; d = sum g_i'",
        Needs = StrategyNeeds.Gram,
        Cost = GramCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new PCGrad();
}
