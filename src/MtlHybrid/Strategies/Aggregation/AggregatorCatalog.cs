namespace MtlHybrid.Strategies.Aggregation;

/// <summary>The list of aggregators that can be run on given task gradients: a new one is its options record and one line here.</summary>
public static class AggregatorCatalog
{
    /// <summary>Every method, in the order people are shown.</summary>
    public static IReadOnlyList<AggregatorMethod> All { get; } =
    [
        AggregatorMethod.Equal("sum", "the sum of the gradients, as joint training", mean: false),
        AggregatorMethod.Equal("mean", "the mean of the gradients", mean: true),
        AggregatorMethod.Of(new ExcessMtlOptions()),
        AggregatorMethod.Of(new MgdaOptions()),
        AggregatorMethod.Of(new PCGradOptions()),
        AggregatorMethod.Of(new GradVacOptions()),
        AggregatorMethod.Of(new GradDropOptions()),
        AggregatorMethod.Of(new CAGradOptions()),
        AggregatorMethod.Of(new ImtlGOptions()),
        AggregatorMethod.Of(new NashMtlOptions()),
        AggregatorMethod.Of(new AlignedMtlOptions()),
        AggregatorMethod.Of(new FairGradOptions()),
        AggregatorMethod.Of(new UPGradOptions()),
        AggregatorMethod.Of(new DualProjOptions()),
        AggregatorMethod.Of(new ConFigOptions()),
        AggregatorMethod.Of(new DbMtlOptions()),
        AggregatorMethod.Of(new MoCoOptions()),
        AggregatorMethod.Of(new MoDoOptions()),
        AggregatorMethod.Of(new SDMGradOptions()),
        AggregatorMethod.Of(new KrumOptions()),
        AggregatorMethod.Of(new TrimmedMeanOptions()),
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="InvalidOptionException">The name is unknown; the message lists the known ones.</exception>
    public static AggregatorMethod Find(string name) =>
        All.FirstOrDefault(method => string.Equals(method.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOptionException("Method", $"one of {string.Join(", ", All.Select(method => method.Name))}", name);
}
