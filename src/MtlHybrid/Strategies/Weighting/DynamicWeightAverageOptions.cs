using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Dynamic weight average (S. Liu, E. Johns, A. J. Davison 2019): w = K softmax(r / T), r_i = l_i(t-1) / l_i(t-2), the ratio of the
/// task's mean training losses in the last two epochs: tasks whose loss falls more slowly weigh more. All weights are 1 in the first
/// two epochs. Needs the losses; costs as much as joint training. Heads are scaled as the trunk. The weights of all K tasks sum to K:
/// d has the scale of a sum. An epoch in which a task had no labels is passed over for it, and its ratio is 1 until it has two; means
/// below 1e-8 count as 1e-8.
/// </summary>
public sealed record DynamicWeightAverageOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.DynamicWeightAverage;

    /// <summary>T: the larger, the more equal the weights.</summary>
    /// <value>Finite and above 0; 2 by default (the authors' value).</value>
    [OptionText("the larger, the more equal the weights; above 0")]
    public double Temperature { get; init; } = 2;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "tasks whose loss falls more slowly from epoch to epoch weigh more", new DynamicWeightAverageOptions())
        {
            Title = "DWA",
            Source = "Liu, Johns, Davison 2019, End-to-End Multi-Task Learning with Attention, arXiv 1803.10704",
            Rule = "w = K softmax(r / T), r_i = l_i(t-1) / l_i(t-2) of mean losses per epoch; w = 1 in the first two",
            Needs = StrategyNeeds.Losses,
            Cost = AsJoint,
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAbove0(Temperature);
    }

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new DynamicWeightAverage(Temperature);
}
