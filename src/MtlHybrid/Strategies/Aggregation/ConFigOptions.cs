using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// ConFIG, conflict-free inverse gradients (Q. Liu, M. Chu, N. Thuerey 2025): along the direction with equal projections on all unit gradients, as
/// long as the gradients' projections on it together: x = pinv(unit rows) 1, normalised; d = (sum g_i . x) x. Where unit gradients cancel each
/// other d = 0. Linear in each gradient's length. Needs the Gram matrix; costs a step with task gradients. Heads step on plain
/// gradients. d has the scale of a sum.
/// </summary>
public sealed record ConFigOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.ConFig;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "equal projections on all unit gradients, as long as all gradients reach together", new ConFigOptions())
        {
            Title = "ConFIG",
            Source = "Liu, Chu, Thuerey 2025, ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks, arXiv 2408.11104",
            Rule = "d = (sum g_i . x) x, x = pinv(rows g_i / |g_i|) 1, normalised",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new ConFig();
}
