using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>GradDrop, the sign vote (Z. Chen et al. 2020, Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign
/// Dropout): per element P = (1 + sum g / sum |g|) / 2 and u uniform; positive parts stay where P > u, negative ones where P &lt;
/// u; d is the sum of what stays, plus <see cref="Leak"/> times what does not. Needs all gradients element by element. d has the
/// scale of a sum. The number of element p in batch b follows from the seed alone, the same on every device. The paper votes on the
/// gradients of a shared layer's values; this votes on those of the parameters.</summary>
public sealed record GradDropOptions : MatrixAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.GradDrop;

    /// <summary>Share of the parts voted down that stays all the same.</summary>
    /// <value>In [0, 1]; 0 by default; 1: joint training.</value>
    [OptionText("share that stays of what is voted down, in [0, 1]")]
    public double Leak { get; init; }

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "votes on the sign of every element of the update", new GradDropOptions())
    {
        Title = "GradDrop",
        Source = "Chen, Ngiam, Huang, Luong, Kretzschmar, Chai, Anguelov 2020, Just Pick a Sign, arXiv 2010.06808",
        Rule = "per element: P = (1 + sum g / sum |g|) / 2, u uniform; d = sum of positive parts where P > u, of negative parts where P < u",
        Needs = StrategyNeeds.Matrix,
        Cost = MatrixCost,
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Leak is >= 0 and <= 1, nameof(Leak), "in [0, 1]", Leak);
    }

    /// <inheritdoc/>
    public override IMatrixAggregator CreateAggregator() => new GradDrop(Leak);
}
