using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// IMTL-G, the gradient part of impartial multi-task learning (L. Liu et al. 2021): d has equal projections on all unit gradients, and
/// weights that sum to 1: a = M^+ sqrt(diag M) / sum, computed as a_i = y_i / |g_i|, y = C^+ 1 with the cosines C, the same where M
/// is regular and no different for gradients of different lengths where it is not. Weights may be negative: where gradients oppose each
/// other strongly all projections may be. Where the weights sum to 0 there is no update in that batch. Needs the Gram matrix;
/// costs a step with task gradients. Heads step on plain gradients. d has the scale of a mean.
/// </summary>
public sealed record ImtlGOptions : GramAggregatorOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.ImtlG;

    /// <inheritdoc/>
    public override StrategyDescription Describe() =>
        new(Name, "equal projections on the gradients of all tasks", new ImtlGOptions())
        {
            Title = "IMTL-G",
            Source = "Liu, Li, Kuang, Xue, Chen, Yang, Liao, Zhang 2021, Towards Impartial Multi-task Learning, ICLR",
            Rule = "d = sum a_i g_i, a proportional to M^+ sqrt(diag M), sum a = 1: d . g_i / |g_i| is the same for all i",
            Needs = StrategyNeeds.Gram,
            Cost = GramCost,
            Heads = PlainHeads,
        };

    /// <inheritdoc/>
    public override IGramAggregator CreateAggregator() => new ImtlG();
}
