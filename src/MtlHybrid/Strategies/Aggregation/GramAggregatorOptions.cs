namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A strategy that needs the Gram matrix of the task gradients only: d = sum w_i g_i.</summary>
public abstract record GramAggregatorOptions : AggregatorOptions
{
    /// <summary>What a batch costs, for <see cref="StrategyDescription.Cost"/>.</summary>
    private protected const string GramCost =
        "about (2 + 4K) / 6 with exact gradients, little more than 1 with --gradients representation";

    /// <summary>A fresh aggregator with these options.</summary>
    public abstract IGramAggregator CreateAggregator();

    internal sealed override GroupStep CreateStep() => new GramStep(this);
}
