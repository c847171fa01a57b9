using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// MGDA, the multiple gradient descent algorithm (O. Sener, V. Koltun 2018, after J.-A. Desideri 2012): d is the shortest vector in
/// the convex hull of the task gradients, min over the simplex of a^T M a, d = sum a_i g_i, found exactly. No gradient opposes it; it
/// is zero where training has reached a Pareto-stationary point, and where one task has a gradient of zero. Needs the Gram matrix, and
/// the losses for two of the normalisations; costs a step with task gradients. Heads step on plain gradients. d has the scale of
/// a mean, and is often far shorter. With a normalisation, d is the shortest vector in the hull of the gradients divided by n_i,
/// w_i = a_i / n_i, so that d has the scale of these; the authors' program weights the plain gradients by a_i instead, whose sum may
/// oppose a task.
/// </summary>
public sealed record MgdaOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.Mgda;

    /// <summary>What gradients are divided by first.</summary>
    /// <value>None by default; l2, loss or loss-plus (loss times norm). A loss below a millionth of the largest counts as that.</value>
    [OptionText("what gradients are divided by before: none, l2 (norm), loss, or loss-plus (loss times norm)")]
    public MgdaNormalization Normalization { get; init; } = MgdaNormalization.None;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "the shortest vector in the convex hull of the task gradients: helps every task", new MgdaOptions())
        {
            Title = "MGDA",
            Source = "Sener, Koltun 2018, Multi-Task Learning as Multi-Objective Optimization, arXiv 1810.04650",
            Rule = "d = sum w_i g_i, w = a / n, a = argmin over the simplex of |sum a_i g_i / n_i|; n = 1, |g|, l or l |g|",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "none, l2, loss or loss-plus", Normalization);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new Mgda(Normalization);
}
