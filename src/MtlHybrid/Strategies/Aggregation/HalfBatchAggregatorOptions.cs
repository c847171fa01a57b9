namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A strategy that needs the inner products of the task gradients on two halves of the batch: d = sum w_i g_i.</summary>
public abstract record HalfBatchAggregatorOptions : AggregatorOptions
{
    /// <summary>What a batch costs, for <see cref="StrategyDescription.Cost"/>.</summary>
    private protected const string HalfBatchCost = "about (2 + 4K) / 6: each half costs half of what the whole batch does";

    /// <summary>A fresh aggregator with these options.</summary>
    public abstract IHalfBatchAggregator CreateAggregator();

    internal sealed override GroupStep CreateStep() => new HalfBatchStep(this);
}
