using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// Aligned-MTL (D. Senushkin, N. Patakin, A. Kuznetsov, A. Konushin 2023): the principal components of the task gradients are given one
/// length, so that the system is stable, and the gradients are averaged: with M = V L V^T, w = s V L^(-1/2) V^T 1/K over the
/// eigenvalues above the precision of the inner products. Needs the Gram matrix; costs a step with task gradients. Heads step on
/// plain gradients. d has the scale of a mean, its length that of the chosen component.
/// </summary>
public sealed record AlignedMtlOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.AlignedMtl;

    /// <summary>The length s that all principal components are given.</summary>
    /// <value>Min by default (as in the paper); median (of two, the shorter) or rmse (root mean square).</value>
    [OptionText("length of the principal components: min, median or rmse (root mean square)")]
    public AlignedScale Scale { get; init; } = AlignedScale.Min;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "the mean gradient after all principal components have been given one length", new AlignedMtlOptions())
        {
            Title = "Aligned-MTL",
            Source = "Senushkin, Patakin, Kuznetsov, Konushin 2023, Independent Component Alignment for Multi-Task Learning, arXiv 2305.19000",
            Rule = "w = sqrt(lambda) V L^(-1/2) V^T 1/K, M = V L V^T, lambda the least eigenvalue (or their median or mean)",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Enum.IsDefined(Scale), nameof(Scale), "min, median or rmse", Scale);
    }

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new AlignedMtl(Scale);
}
