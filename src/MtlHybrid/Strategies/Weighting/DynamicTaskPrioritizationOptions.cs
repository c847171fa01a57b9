using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// Dynamic task prioritization (M. Guo, A. Haque, D.-A. Huang, S. Yeung, L. Fei-Fei 2018): w_i = -(1 - kappa_i)^gamma log kappa_i with
/// kappa_i &lt;- a kappa_i + (1 - a) k_i, the moving average of a key performance indicator k_i in [0, 1], clipped to [0.1, 0.99]: what
/// is done badly weighs more. Needs the losses; costs as much as joint training. Heads are scaled as the trunk. The weights do not sum
/// to a constant: d shrinks as the tasks are learnt.
/// </summary>
/// <remarks>
/// The indicator is what the loss of a batch tells: for cross entropies e^{-l}, the geometric mean of the probabilities of the
/// labels; for the mean square 1 - l, the explained variance, since targets are standardised; for the mean absolute error 1 - l (about
/// 0.2 for a prediction of the mean); for Huber 1 - 2 l, the explained variance where no error exceeds delta; each at least 0. The
/// first indicator of a task is its first average.
/// </remarks>
public sealed record DynamicTaskPrioritizationOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.DynamicTaskPrioritization;

    /// <summary>a: the share of the old average in the new one.</summary>
    /// <value>In [0, 1); 0.9 by default.</value>
    [OptionText("share of the old average of the indicator in the new one, in [0, 1)")]
    public double Decay { get; init; } = 0.9;

    /// <summary>gamma: how strongly tasks that are done well are left to themselves.</summary>
    /// <value>Finite and at least 0; 1 by default. The focal loss that the rule is taken from usually has 2, which all but stops
    /// tasks that are done well.</value>
    [OptionText("how strongly tasks that are done well are left to themselves, at least 0")]
    public double Gamma { get; init; } = 1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "tasks that are done badly weigh more", new DynamicTaskPrioritizationOptions())
        {
            Title = "DTP",
            Source = "Guo, Haque, Huang, Yeung, Fei-Fei 2018, Dynamic Task Prioritization for Multitask Learning, ECCV",
            Rule = "w_i = -(1 - kappa_i)^gamma log kappa_i, kappa_i <- a kappa_i + (1 - a) k_i clipped to [0.1, 0.99]; "
                + "k_i = e^{-l_i} for classes, explained variance for numbers",
            Needs = StrategyNeeds.Losses,
            Cost = AsJoint,
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Decay is >= 0 and < 1, nameof(Decay), "in [0, 1)", Decay);
        InvalidOptionException.RequireAtLeast0(Gamma);
    }

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new DynamicTaskPrioritization(Decay, Gamma);
}
