using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Scale-invariant loss: L = sum of log l_i, so w_i = 1 / l_i. Needs the losses; costs as much as joint training. Heads are scaled as
/// the trunk. d = sum of g_i / l_i has the scale of a sum of relative gradients: multiplying a task's loss by a constant does not
/// change it. Below 1e-8, where a task is solved (and for losses below 0), the logarithm goes on as its tangent, so that no weight is
/// above 1e8.
/// </summary>
public sealed record ScaleInvariantOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.ScaleInvariant;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "every loss counts relative to its size: the sum of their logarithms", new ScaleInvariantOptions())
        {
            Title = "Scale-invariant loss",
            Source = "Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya 2022, Multi-Task Learning as a Bargaining Game "
                + "(as a baseline), arXiv 2202.01017",
            Rule = "L = sum log l_i: w_i = 1 / l_i",
            Needs = StrategyNeeds.Losses,
            Cost = AsJoint,
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new ScaleInvariant();
}
