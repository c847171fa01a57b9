using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// Nash-MTL (A. Navon et al. 2022): the bargaining solution among the tasks, weights a > 0 with M a = 1/a, found by Newton's method. Then
/// |d| = sqrt K; it is clipped to <see cref="MaxNorm"/>. As gradients come to oppose each other a would grow without end; with the identity
/// times the precision of the inner products added to the cosines, a_i |g_i| stays below about 3000 and d goes to zero instead.
/// Needs the Gram matrix; costs a step with task gradients. Heads step on plain gradients. d has the length
/// <see cref="MaxNorm"/> whatever the gradients' scale.
/// </summary>
public sealed record NashMtlOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.NashMtl;

    /// <summary>Largest norm of d.</summary>
    /// <value>Finite and above 0; 1 by default (the authors' value).</value>
    [OptionText("largest norm of the update, above 0")]
    public double MaxNorm { get; init; } = 1;

    /// <summary>Batches from one solution to the next; the weights stay in between, except when a task comes that has none.</summary>
    /// <value>At least 1; 1 by default.</value>
    [OptionText("batches from one solution to the next, at least 1")]
    public int UpdateInterval { get; init; } = 1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "the Nash bargaining solution among the tasks", new NashMtlOptions())
        {
            Title = "Nash-MTL",
            Source = "Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik, Fetaya 2022, Multi-Task Learning as a Bargaining Game, arXiv 2202.01017",
            Rule = "d = sum a_i g_i, a > 0, M a = 1/a; |d| clipped",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.RequireAbove0(MaxNorm);
        InvalidOptionException.Require(UpdateInterval >= 1, nameof(UpdateInterval), "at least 1", UpdateInterval);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new NashMtl(MaxNorm, UpdateInterval);
}
