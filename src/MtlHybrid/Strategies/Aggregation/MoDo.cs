using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One projected step on lambda per batch with an unbiased slope: lambda &lt;- proj(lambda - gamma (J1 J2^T / s + rho I) lambda), J1 and J2
/// the task gradients on two halves of the batch, s the mean of their |g_i|^2; d = sum lambda_i g_i.</summary>
/// <param name="gamma">At least 0.</param>
/// <param name="rho">At least 0.</param>
internal sealed class MoDo(double gamma, double rho) : IHalfBatchAggregator
{
    private readonly TaskSimplex _simplex = new();

    public void Weigh(Matrix<double> gramOfHalves, in AggregationInputs inputs, Span<double> weights)
    {
        double[] lambda = _simplex.Take(inputs);
        double[]? cross = CrossGram.Of(gramOfHalves);
        for (int i = 0; i < lambda.Length; i++)
        {
            double slope = cross is null ? 0 : SpanAlgebra.Dot(cross.AsSpan(i * lambda.Length, lambda.Length), lambda);
            weights[i] = lambda[i] - (gamma * (slope + (rho * lambda[i])));
        }

        SimplexProjection.Project(weights);
        _simplex.Put(inputs, weights);
    }
}
