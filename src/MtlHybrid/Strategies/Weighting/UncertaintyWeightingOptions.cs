using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Uncertainty weighting (A. Kendall, Y. Gal, R. Cipolla 2018): L = sum of l_i / (2 e^{s_i}) + s_i / 2 with log variances s trained
/// along with the network, from 0; w_i = e^{-s_i} / 2, a half at first, which settles at 1 / (2 l_i). Needs the losses; costs as much
/// as joint training. Heads are scaled as the trunk. d has the scale of half a sum at first. s is trained by an Adam of its own, with
/// beta 0.9 and 0.999, and stays between log 1e-8 and log 1e30: losses beyond (also below 0) change the weight no further. A task
/// that takes no part in a batch keeps its s.
/// </summary>
public sealed record UncertaintyWeightingOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.UncertaintyWeighting;

    /// <summary>Learning rate of s.</summary>
    /// <value>Finite and at least 0; null by default: the trunk's in the same batch, as in public code, where s is one more
    /// parameter of the network's optimizer.</value>
    [OptionText("learning rate of the log variances, at least 0; otherwise that of the trunk")]
    public double? LearningRate { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "weights trained along with the network, as if each task had a noise of its own", new UncertaintyWeightingOptions())
        {
            Title = "Uncertainty weighting",
            Source = "Kendall, Gal, Cipolla 2018, Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and "
                + "Semantics, arXiv 1705.07115",
            Rule = "L = sum l_i / (2 e^{s_i}) + s_i / 2, s trained from 0: w_i = e^{-s_i} / 2",
            Needs = StrategyNeeds.Losses,
            Cost = AsJoint,
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (LearningRate is { } rate) InvalidOptionException.RequireAtLeast0(rate, nameof(LearningRate));
    }

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new UncertaintyWeighting(LearningRate);
}
