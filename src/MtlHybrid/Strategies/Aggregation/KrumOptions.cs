using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Krum (P. Blanchard et al. 2017, Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent): the mean of
/// the gradients whose squared distances to their K - <see cref="Byzantine"/> - 2 nearest neighbours have the lowest sum. Needs the
/// Gram matrix only: |g_i - g_j|^2 = M_ii + M_jj - 2 M_ij. d has the scale of a mean. With fewer tasks than <see cref="Byzantine"/>
/// + 3 in a batch at least one neighbour counts, and the aggregator says so.</summary>
public sealed record KrumOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.Krum;

    /// <summary>How many gradients may be arbitrary, f.</summary>
    /// <value>At least 0; 1 by default.</value>
    [OptionText("how many gradients may be arbitrary, at least 0")]
    public int Byzantine { get; init; } = 1;

    /// <summary>How many gradients are averaged, m.</summary>
    /// <value>At least 1; 1 by default, as in the paper; more is its Multi-Krum.</value>
    [OptionText("how many gradients are averaged, at least 1")]
    public int Selected { get; init; } = 1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "averages the gradients that lie closest to their neighbours", new KrumOptions())
    {
        Title = "Krum",
        Source = "Blanchard, El Mhamdi, Guerraoui, Stainer 2017, Byzantine Tolerant Gradient Descent, arXiv 1703.02757",
        Rule = "score_i = sum of |g_i - g_j|^2 over the K - byzantine - 2 nearest j; d = mean of the selected gradients with the lowest scores",
        Needs = StrategyNeeds.Gram,
        Cost = GramCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Byzantine >= 0, nameof(Byzantine), "at least 0", Byzantine);
        InvalidOptionException.Require(Selected >= 1, nameof(Selected), "at least 1", Selected);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new Krum(Byzantine, Selected);
}
