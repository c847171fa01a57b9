using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Geometric loss strategy (S. Chennupati, G. Sistu, S. Yogamani, S. A. Rawashdeh 2019): L = (product of l_i)^{1/K}, so
/// w_i = L / (K l_i); K counts the tasks with a label in the batch. Needs the losses; costs as much as joint training. Heads are
/// scaled as the trunk. d has the scale of a mean, and shrinks as the geometric mean does. For losses that are positive; below 1e-8
/// (also below 0) the logarithm of a loss goes on as its tangent.
/// </summary>
public sealed record GeometricLossOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.GeometricLoss;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "the geometric mean of the losses", new GeometricLossOptions())
    {
        Title = "Geometric loss",
        Source = "Chennupati, Sistu, Yogamani, Rawashdeh 2019, MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss "
            + "Strategy for Multi-Task Learning, arXiv 1904.08492",
        Rule = "L = (product of l_i)^{1/K}: w_i = L / (K l_i)",
        Needs = StrategyNeeds.Losses,
        Cost = AsJoint,
        Heads = ScaledHeads,
    };

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new GeometricLoss();
}
