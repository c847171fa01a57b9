using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>
/// FAMO, fast adaptive multitask optimization (B. Liu, Y. Feng, P. Stone, Q. Liu 2023): lowers the loss of all tasks at the same
/// relative rate. With z = softmax(xi), D_i = l_i - b_i + 1e-8 and c = sum of z_i / D_i, both held constant, a batch minimises
/// L = sum of (z_i / c) log D_i, so w_i = z_i / (c D_i). The losses are measured again after the step, and xi takes a step of Adam
/// along J^T delta + gamma xi, J the derivative of the softmax, delta_i = log D_i before - log D_i after: what improved less than the
/// others gains weight. Needs the losses, and once more after the step: one more forward, 4/3 of joint training. Heads are
/// scaled as the trunk. The weights sum to 1: d has the scale of a mean. Losses below b count as b. Softmaxes run over the tasks that
/// take part; the others keep their xi.
/// </summary>
public sealed record FamoOptions : WeightingOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.Famo;

    /// <summary>Learning rate of xi.</summary>
    /// <value>Finite and at least 0; 0.025 by default (the authors' value).</value>
    [OptionText("learning rate of the logits of the weights, at least 0")]
    public double LearningRate { get; init; } = 0.025;

    /// <summary>gamma: pulls the weights back to equal shares.</summary>
    /// <value>Finite and at least 0; 0.001 by default.</value>
    [OptionText("pull of the weights back to equal shares, at least 0")]
    public double Gamma { get; init; } = 0.001;

    /// <summary>b, in the order of the tasks: the smallest value that each loss can take.</summary>
    /// <value>One finite number per task; null by default: 0 for every task.</value>
    [OptionText("smallest value that each loss can take, in the order of the tasks; otherwise 0 for each")]
    public IReadOnlyList<double>? LowerBounds { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "lowers all losses at the same relative rate", new FamoOptions())
        {
            Title = "FAMO",
            Source = "Liu, Feng, Stone, Liu 2023, FAMO: Fast Adaptive Multitask Optimization, arXiv 2306.03792",
            Rule = "w_i = z_i / (c D_i), z = softmax(xi), D_i = l_i - b_i + 1e-8, c = sum z_i / D_i; after the step Adam moves xi along "
                + "J^T (log D before - log D after) + gamma xi",
            Needs = StrategyNeeds.LossesAfterStep,
            Cost = "about 4/3: one more forward",
            Heads = ScaledHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(LearningRate);
        InvalidOptionException.RequireAtLeast0(Gamma);
        foreach (double bound in LowerBounds ?? [])
            InvalidOptionException.Require(double.IsFinite(bound), nameof(LowerBounds), "finite", bound);
    }

    /// <inheritdoc/>
    public override ILossWeighting CreateWeighting() => new Famo(LearningRate, Gamma, LowerBounds);
}
