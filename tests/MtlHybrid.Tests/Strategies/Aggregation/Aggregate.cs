using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Runs one batch of an aggregator on a Jacobian of all tasks.</summary>
internal static class Aggregate
{
    public static Matrix<double> Published { get; } = Rows([-4, 1, 1], [6, 1, 1]);

    public static Matrix<double> Rows(params double[][] rows) => Matrix<double>.Build.DenseOfRowArrays(rows);

    public static double[] Weights(IGramAggregator aggregator, Matrix<double> jacobian, ulong seed = 0, long batch = 0)
    {
        double[] weights = new double[jacobian.RowCount];
        aggregator.Weigh(jacobian * jacobian.Transpose(), AllTasks(jacobian.RowCount, [], seed, batch), weights);
        return weights;
    }

    public static double[] Direction(IGramAggregator aggregator, Matrix<double> jacobian, ulong seed = 0, long batch = 0) =>
        (Vector<double>.Build.Dense(Weights(aggregator, jacobian, seed, batch)) * jacobian).ToArray();

    public static double[] Direction(IMatrixAggregator aggregator, Matrix<double> jacobian, double[]? losses = null, ulong seed = 0, long batch = 0) =>
        aggregator.Combine(jacobian, AllTasks(jacobian.RowCount, losses ?? [], seed, batch)).ToArray();

    public static AggregationInputs AllTasks(int tasks, double[] losses, ulong seed = 0, long batch = 0) =>
        new(Enumerable.Range(0, tasks).ToArray(), tasks, losses, seed, batch);
}
