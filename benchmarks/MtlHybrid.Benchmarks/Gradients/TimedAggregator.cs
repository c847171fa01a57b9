using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>An aggregator whose K x K work is timed within the step.</summary>
internal sealed class TimedAggregator(IGramAggregator aggregator, SolverClock clock) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        long start = Stopwatch.GetTimestamp();
        string? remark = aggregator.Weigh(gram, inputs, weights);
        clock.Add(start);
        return remark;
    }
}
