namespace MtlHybrid.Strategies.Weighting;

/// <summary>What all loss weightings have in common: one step per batch on L = sum w_i l_i. The weight scales the gradient of a
/// task's head as well as that of the trunk. Weights that the losses have by their specification
/// (<see cref="Modeling.LossSpecification.Weight"/>) multiply these; a weighting does not see them.</summary>
public abstract record WeightingOptions : StrategyOptions
{
    /// <summary>How heads are scaled, for <see cref="StrategyDescription.Heads"/>.</summary>
    private protected const string ScaledHeads = "as the trunk: the gradient of a head is multiplied by its task's weight";

    /// <summary>The cost of most weightings, for <see cref="StrategyDescription.Cost"/>.</summary>
    private protected const string AsJoint = "1: as joint training";

    /// <summary>A fresh weighting with these options.</summary>
    public abstract ILossWeighting CreateWeighting();

    /// <inheritdoc/>
    public sealed override IStrategy Create() => new WeightedTraining(this);
}
