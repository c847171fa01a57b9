using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// UPGrad (P. Quinton, V. Rey 2024): each task gradient is projected on the cone of directions that oppose no task, and the projections are
/// averaged: for each i, min v^T M v over v >= e_i / K; w is the sum of the solutions. Exact, by an active set that starts from the
/// last batch's. But for the regularisation, d opposes no task and is linear in each gradient's length; it is zero only at Pareto-stationary points. Needs the Gram matrix; costs a
/// step with task gradients and K small quadratic programs. Heads step on plain gradients. d has the scale of a mean.
/// </summary>
public sealed record UPGradOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.UPGrad;

    /// <summary>Added to the diagonal of M / trace M. Larger values keep weights smaller; gradients may then oppose d by about its square root's
    /// share of the longest one.</summary>
    /// <value>Finite and at least 0; 0.0001 by default (as in TorchJD).</value>
    [OptionText("added to the diagonal of the Gram matrix as a share of its trace, at least 0")]
    public double Regularization { get; init; } = 1e-4;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "the mean of the gradients, each projected to oppose no task", new UPGradOptions())
        {
            Title = "UPGrad",
            Source = "Quinton, Rey 2024, Jacobian Descent for Multi-Objective Optimization, arXiv 2406.16232",
            Rule = "w = sum over i of argmin v^T M v, v >= e_i / K, with M / trace M + r I",
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
    public override IGramAggregator CreateAggregator() => new UPGrad(Regularization);
}
