using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Stochastic min-norm weights on tracked gradients: y_i &lt;- y_i - b_t (y_i - g_i) from y_i = 0 on, one projected step on
/// lambda per batch, lambda &lt;- proj(lambda - c_t (Y Y^T / s + rho I) lambda) with s the mean of |y_i|^2, and d = sum lambda_i y_i; b_t = beta / t^betaDecay,
/// c_t = gamma / t^gammaDecay, t counted from 1 for each task's average and for the weights.</summary>
/// <param name="beta">In (0, 1].</param>
/// <param name="betaDecay">At least 0.</param>
/// <param name="gamma">At least 0.</param>
/// <param name="gammaDecay">At least 0.</param>
/// <param name="rho">At least 0.</param>
internal sealed class MoCo(double beta, double betaDecay, double gamma, double gammaDecay, double rho) : IWeightedMatrixAggregator, IKeptGradientRule
{
    private readonly TaskSimplex _simplex = new();
    private Vector<double>?[] _averages = []; // [K], y
    private long[] _counts = []; // [K]
    private long _steps;
    private double[] _weights = [];

    public IReadOnlyList<double> Weights => _weights;

    public int Matrices => 2;

    public GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        double[] keep = new double[n], take = new double[n], products = new double[n * n];
        for (int row = 0; row < n; row++)
        {
            take[row] = ShareOfNew(inputs.Tasks[row], inputs.TaskCount);
            keep[row] = 1 - take[row];
        }

        network.AverageGradients(inputs.Tasks, keep, take, products);
        Weigh(Matrix<double>.Build.Dense(n, n, products), inputs, weights);
        return new GradientCombination(CombinationKind.Averages);
    }

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        Matrix<double> averages = Matrix<double>.Build.Dense(jacobian.RowCount, jacobian.ColumnCount);
        if (_averages.Length == 0) _averages = new Vector<double>?[inputs.TaskCount];
        for (int row = 0; row < jacobian.RowCount; row++)
        {
            double share = ShareOfNew(inputs.Tasks[row], inputs.TaskCount);
            ref Vector<double>? average = ref _averages[inputs.Tasks[row]];
            Vector<double> gradient = jacobian.Row(row) * share;
            average = average is null ? gradient : (average * (1 - share)) + gradient;
            averages.SetRow(row, average);
        }

        _weights = new double[jacobian.RowCount];
        Weigh(averages.TransposeAndMultiply(averages), inputs, _weights);
        return averages.LeftMultiply(Vector<double>.Build.Dense(_weights));
    }

    /// <summary>b_t of a task, for the batch that is about to be averaged in; counts it.</summary>
    public double ShareOfNew(int task, int taskCount)
    {
        if (_counts.Length == 0) _counts = new long[taskCount];
        return beta / Math.Pow(++_counts[task], betaDecay);
    }

    /// <summary>The weights of one batch.</summary>
    /// <param name="gramOfAverages">[n, n] y_i . y_j of the averages, this batch's gradients included.</param>
    /// <param name="inputs">Which tasks the rows belong to.</param>
    /// <param name="weights">[n], written; on the simplex. They apply to the averages, not to the gradients.</param>
    public void Weigh(Matrix<double> gramOfAverages, in AggregationInputs inputs, Span<double> weights)
    {
        double step = gamma / Math.Pow(++_steps, gammaDecay);
        double[] lambda = _simplex.Take(inputs);
        lambda.CopyTo(weights);
        GramScale.Normalize(gramOfAverages, out double[]? scaled);
        for (int i = 0; i < lambda.Length; i++)
        {
            double slope = scaled is null ? 0 : SpanAlgebra.Dot(scaled.AsSpan(i * lambda.Length, lambda.Length), lambda);
            weights[i] -= step * (slope + (rho * lambda[i]));
        }

        SimplexProjection.Project(weights);
        _simplex.Put(inputs, weights);
    }
}
