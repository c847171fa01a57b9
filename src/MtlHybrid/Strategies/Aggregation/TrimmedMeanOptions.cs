using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Trimmed mean (D. Yin et al. 2018, Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates): element by
/// element the mean of the task gradients without the <see cref="Trim"/> largest and smallest ones. Needs all gradients element by
/// element. d has the scale of a mean. Where a batch has too few tasks, fewer are left out.</summary>
public sealed record TrimmedMeanOptions : MatrixAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.TrimmedMean;

    /// <summary>How many values are left out at each end.</summary>
    /// <value>At least 0; 1 by default; 0: the mean.</value>
    [OptionText("how many values are left out at each end, at least 0")]
    public int Trim { get; init; } = 1;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "element by element the mean without the extremes", new TrimmedMeanOptions())
    {
        Title = "Trimmed mean",
        Source = "Yin, Chen, Ramchandran, Bartlett 2018, Byzantine-Robust Distributed Learning, arXiv 1803.01498",
        Rule = "per element: mean of g_i without the trim largest and the trim smallest",
        Needs = StrategyNeeds.Matrix,
        Cost = MatrixCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Trim >= 0, nameof(Trim), "at least 0", Trim);
    }

    /// <inheritdoc/>
    public override IMatrixAggregator CreateAggregator() => new TrimmedMean(Trim);
}
