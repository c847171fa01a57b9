using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>A method as it is, with a clock on its aggregator.</summary>
internal sealed record TimedAggregatorOptions(GramAggregatorOptions Method, SolverClock Clock) : GramAggregatorOptions
{
    public override string Name => Method.Name;

    public override StrategyDescription Describe() => Method.Describe();

    public override IGramAggregator CreateAggregator() => new TimedAggregator(Method.CreateAggregator(), Clock);
}
