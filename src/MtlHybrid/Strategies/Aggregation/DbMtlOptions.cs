using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>DB-MTL, "dual balancing" (B. Lin et al. 2023, Dual-Balancing for Multi-Task Learning): moving averages of the gradients
/// of log l_i, a_i &lt;- beta a_i + (1 - beta) g_i / l_i from 0 on, each scaled to the length of the longest, d = sum a_i max |a| /
/// |a_i|. Needs all gradients element by element, since averages live on, and positive losses: below 1e-8 a loss counts as 1e-8. d
/// has the scale of a sum of gradients of log losses.</summary>
public sealed record DbMtlOptions : MatrixAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.DbMtl;

    /// <summary>What stays of the moving average in a batch.</summary>
    /// <value>In [0, 1); 0.9 by default.</value>
    [OptionText("what stays of the moving average in a batch, in [0, 1)")]
    public double Beta { get; init; } = 0.9;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "equal lengths for averaged gradients of log losses", new DbMtlOptions())
    {
        Title = "DB-MTL",
        Source = "Lin, Jiang, Ye, Zhang, Chen, Chen, Liu, Kwok 2023, Dual-Balancing for Multi-Task Learning, arXiv 2308.12029",
        Rule = "a_i <- beta a_i + (1 - beta) g_i / l_i; d = sum a_i max_k |a_k| / |a_i|",
        Needs = StrategyNeeds.Matrix,
        Cost = MatrixCost + ", twice",
        Heads = PlainHeads,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        InvalidOptionException.Require(Beta is >= 0 and < 1, nameof(Beta), "in [0, 1)", Beta);
    }

    /// <inheritdoc/>
    public override IMatrixAggregator CreateAggregator() => new DbMtl(Beta);
}
