using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Experiments.Toy;

/// <summary>An aggregator on the exact task gradients.</summary>
internal sealed class AggregatedDescent : IDescent
{
    private static readonly int[] Tasks = [0, 1];

    private readonly Aggregate _aggregate;
    private readonly ulong _seed;

    private delegate void Aggregate(Matrix<double> jacobian, in AggregationInputs inputs, Span<double> direction);

    private AggregatedDescent(Aggregate aggregate, ulong seed) => (_aggregate, _seed) = (aggregate, seed);

    public static AggregatedDescent Of(GramAggregatorOptions options, ulong seed)
    {
        IGramAggregator aggregator = options.CreateAggregator();
        return new AggregatedDescent(
            (Matrix<double> jacobian, in AggregationInputs inputs, Span<double> direction) =>
            {
                Span<double> weights = stackalloc double[2];
                aggregator.Weigh(jacobian.TransposeAndMultiply(jacobian), inputs, weights);
                RowSum.Of(jacobian.ToRowMajorArray(), weights, direction);
            },
            seed);
    }

    /// <summary>There is no noise: both halves of a batch have the same gradients.</summary>
    public static AggregatedDescent Of(HalfBatchAggregatorOptions options, ulong seed)
    {
        IHalfBatchAggregator aggregator = options.CreateAggregator();
        return new AggregatedDescent(
            (Matrix<double> jacobian, in AggregationInputs inputs, Span<double> direction) =>
            {
                Span<double> weights = stackalloc double[2];
                Matrix<double> halves = jacobian.Stack(jacobian);
                aggregator.Weigh(halves.TransposeAndMultiply(halves), inputs, weights);
                RowSum.Of(jacobian.ToRowMajorArray(), weights, direction);
            },
            seed);
    }

    public static AggregatedDescent Of(MatrixAggregatorOptions options, ulong seed)
    {
        IMatrixAggregator aggregator = options.CreateAggregator();
        return new AggregatedDescent(
            (Matrix<double> jacobian, in AggregationInputs inputs, Span<double> direction) =>
                aggregator.Combine(jacobian, inputs).ToArray().CopyTo(direction),
            seed);
    }

    /// <summary>The two parameters are the last shared layer as well.</summary>
    public static AggregatedDescent Of(GradNormOptions options, ulong seed)
    {
        INormWeighting weighting = options.CreateWeighting();
        return new AggregatedDescent(
            (Matrix<double> jacobian, in AggregationInputs inputs, Span<double> direction) =>
            {
                Span<double> weights = stackalloc double[2];
                weighting.Weigh(jacobian.RowNorms(2).ToArray(), inputs, weights);
                RowSum.Of(jacobian.ToRowMajorArray(), weights, direction);
            },
            seed);
    }

    public void Direct(int step, ReadOnlySpan<double> losses, ReadOnlySpan<double> gradients, Span<double> direction)
    {
        Matrix<double> jacobian = Matrix<double>.Build.DenseOfRowMajor(2, 2, gradients.ToArray());
        _aggregate(jacobian, new AggregationInputs(Tasks, 2, losses, _seed, step), direction);
    }
}
