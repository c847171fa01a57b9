namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What can be run on given task gradients: their sum, their mean, and every strategy that needs no more than the gradients.</summary>
public static class AggregatorCatalog
{
    /// <summary>Every method, in the order people are shown.</summary>
    public static IReadOnlyList<AggregatorMethod> All { get; } =
    [
        AggregatorMethod.Equal("sum", "the sum of the gradients, as joint training", mean: false),
        AggregatorMethod.Equal("mean", "the mean of the gradients", mean: true),
        .. StrategyCatalog.All
            .Where(entry => entry.Needs is StrategyNeeds.Gram or StrategyNeeds.HalfBatchGram or StrategyNeeds.Matrix)
            .Select(entry => AggregatorMethod.Of((AggregatorOptions)entry.Defaults)),
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="InvalidOptionException">The name is unknown; the message lists the known ones.</exception>
    public static AggregatorMethod Find(string name) =>
        All.FirstOrDefault(method => string.Equals(method.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOptionException("Method", $"one of {string.Join(", ", All.Select(method => method.Name))}", name);
}
