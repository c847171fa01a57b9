namespace MtlHybrid.Strategies.Weighting;

/// <summary>What all loss weightings have in common: one step per batch on L = sum w_i l_i. The weight scales the gradient of a
/// task's head as well as that of the trunk.</summary>
public abstract record WeightingOptions : StrategyOptions
{
    /// <summary>How heads are scaled, for <see cref="StrategyDescription.Heads"/>.</summary>
    private protected const string ScaledHeads = "as the trunk: the gradient of a head is multiplied by its task's weight";

    /// <summary>A fresh weighting with these options.</summary>
    public abstract ILossWeighting CreateWeighting();
}
