using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>What all loss weightings have in common: one step per batch on L = sum w_i l_i. The weight scales the gradient of a
/// task's head as well as that of the trunk.</summary>
public abstract record WeightingOptions : StrategyOptions
{
    /// <summary>How heads are scaled, for <see cref="StrategyDescription.Heads"/>.</summary>
    private protected const string ScaledHeads = "as the trunk: the gradient of a head is multiplied by its task's weight";

    /// <summary>Learning rate of the heads divided by that of the trunk.</summary>
    /// <value>Finite and at least 0; 1 by default.</value>
    [OptionText("learning rate of the heads, as a multiple of that of the trunk, at least 0")]
    [JsonPropertyOrder(-1)]
    public double HeadLearningRateFactor { get; init; } = 1;

    /// <summary>A fresh weighting with these options.</summary>
    public abstract ILossWeighting CreateWeighting();

    /// <inheritdoc/>
    public override void Validate() => InvalidOptionException.Require(
        double.IsFinite(HeadLearningRateFactor) && HeadLearningRateFactor >= 0,
        nameof(HeadLearningRateFactor), "finite and at least 0", HeadLearningRateFactor);
}
