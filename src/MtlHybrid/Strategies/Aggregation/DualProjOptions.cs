using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// DualProj (as in gradient episodic memory, D. Lopez-Paz, M. Ranzato 2017): the mean gradient is projected on the cone of directions that
/// oppose no task: w = argmin v^T M v over v >= 1/K. Exact, by an active set that starts from the last batch's. Needs the Gram
/// matrix; costs a step with task gradients. Heads step on plain gradients. d has the scale of a mean.
/// </summary>
public sealed record DualProjOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.DualProj;

    /// <summary>Added to the diagonal of M / trace M. Larger values keep weights smaller; gradients may then oppose d by about its square root's
    /// share of the longest one.</summary>
    /// <value>Finite and at least 0; 0.0001 by default (as in TorchJD).</value>
    [OptionText("added to the diagonal of the Gram matrix as a share of its trace, at least 0")]
    public double Regularization { get; init; } = 1e-4;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "the mean gradient, projected to oppose no task", new DualProjOptions())
        {
            Title = "DualProj",
            Source = "Lopez-Paz, Ranzato 2017, Gradient Episodic Memory for Continual Learning, arXiv 1706.08840",
            Rule = "w = argmin v^T M v, v >= 1/K, with M / trace M + r I",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAtLeast0(Regularization);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new DualProj(Regularization);
}
