using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// IMTL-L (L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang 2021): L = sum of e^{s_i} l_i - s_i with s trained
/// along with the network, from 0; w_i = e^{s_i}, 1 at first, which settles at 1 / l_i. Needs the losses; costs as much as joint
/// training. Heads are scaled as the trunk. d has the scale of a sum. s is trained by an Adam of its own, with beta 0.9 and 0.999, and
/// stays between -log 1e30 and -log 1e-8: losses beyond (also below 0) change the weight no further. A task that takes no part in a
/// batch keeps its s.
/// </summary>
public sealed record ImtlLOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.ImtlL;

    /// <summary>Learning rate of s.</summary>
    /// <value>Finite and at least 0; null by default: the trunk's in the same batch, as in public code, where s is one more
    /// parameter of the network's optimizer.</value>
    [OptionText("learning rate of the logarithms of the weights, at least 0; otherwise that of the trunk")]
    public double? LearningRate { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "weights trained along with the network until all weighted losses are alike", new ImtlLOptions())
        {
            Title = "IMTL-L",
            Source = "Liu, Li, Kuang, Xue, Chen, Yang, Liao, Zhang 2021, Towards Impartial Multi-Task Learning, ICLR",
            Rule = "L = sum e^{s_i} l_i - s_i, s trained from 0: w_i = e^{s_i}",
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
    public override ILossWeighting CreateWeighting() => new ImtlL(LearningRate);
}
