using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Random loss weighting (B. Lin, F. Ye, Y. Zhang, I. W. Tsang 2022): w = K softmax(x) with x drawn from N(0, I) for every batch, from
/// the seed and the batch's number alone. Needs the losses (only to know who takes part); costs as much as joint training. Heads are
/// scaled as the trunk. The weights sum to K, the number of tasks with a label in the batch, so that d has the scale of a sum; the
/// authors' program leaves the factor K out.
/// </summary>
public sealed record RandomLossWeightingOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.RandomLossWeighting;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "weights drawn anew for every batch", new RandomLossWeightingOptions())
    {
        Title = "RLW",
        Source = "Lin, Ye, Zhang, Tsang 2022, Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning, "
            + "arXiv 2111.10603",
        Rule = "w = K softmax(x), x drawn from N(0, I) in every batch",
        Needs = StrategyNeeds.Losses,
        Cost = AsJoint,
        Heads = ScaledHeads,
    };

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new RandomLossWeighting();
}
