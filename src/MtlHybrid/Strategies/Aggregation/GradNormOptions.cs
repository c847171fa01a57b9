using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>GradNorm (Z. Chen et al. 2018, GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask
/// Networks): weights of a summed loss follow the gradient of sum |n_i - mean(n) r_i^alpha| with n_i = w_i |g_i| at the last shared
/// layer and the pace r_i = (l_i / l_i0) / mean, the target taken as a constant; the weights have the sum K. Gradients are measured
/// in units of their mean norm, so that the rate does not depend on the unit of losses. Weights scale heads as well as the trunk. d
/// = sum w_i g_i has the scale of a sum.</summary>
public sealed record GradNormOptions : AggregatorOptions
{
    /// <summary>Weights scale heads too, unless said otherwise.</summary>
    public GradNormOptions() => HeadScaling = HeadScaling.Weighted;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.GradNorm;

    /// <summary>Strength of the pull towards a common pace.</summary>
    /// <value>Finite and at least 0; 1.5 by default; 0: equal norms.</value>
    [OptionText("strength of the pull towards a common pace, at least 0")]
    public double Alpha { get; init; } = 1.5;

    /// <summary>Step of the weights.</summary>
    /// <value>Finite and at least 0; 0.025 by default.</value>
    [OptionText("step of the weights, at least 0")]
    public double WeightRate { get; init; } = 0.025;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(
        Name, "weights that give tasks gradients of similar length, longer for tasks that learn slowly", new GradNormOptions())
    {
        Title = "GradNorm",
        Source = "Chen, Badrinarayanan, Lee, Rabinovich 2018, GradNorm, arXiv 1711.02257",
        Rule = "n_i = w_i |g_i|, r_i = (l_i / l_i0) / mean; a step on w down sum |n_i - mean(n) r_i^alpha|; sum w = K; L = sum w_i l_i",
        Needs = StrategyNeeds.LastLayerNorms,
        Cost = "little more than 1",
        Heads = "as the trunk: the gradient of a head is multiplied by its task's weight; plain with HeadScaling = Plain",
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(Alpha);
        InvalidOptionException.RequireAtLeast0(WeightRate);
    }

    /// <summary>A fresh weighting with these options.</summary>
    public INormWeighting CreateWeighting() => new GradNorm(Alpha, WeightRate);

    internal override GroupStep CreateStep() => new NormStep(this, CreateWeighting());
}
