using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Min-norm weights kept near the mean gradient g0: some projected steps per batch on w, from those of the batch before,
/// w &lt;- proj(w - (J1 J2^T w + lambda J1 g0_2) / L), J1 and J2 the task gradients on two halves of the batch; then
/// d = (sum w_i g_i + lambda g0) / (1 + lambda). L, the largest absolute row sum of J1 J2^T, bounds its eigenvalues, so that steps neither depend on
/// the scale of gradients nor run away.</summary>
/// <param name="lambda">At least 0; 0: the min-norm point; large: the mean gradient.</param>
/// <param name="iterations">Steps per batch, at least 1.</param>
internal sealed class SDMGrad(double lambda, int iterations) : IHalfBatchAggregator
{
    private readonly TaskSimplex _simplex = new();

    public void Weigh(Matrix<double> gramOfHalves, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        double[] w = _simplex.Take(inputs);
        if (CrossGram.Of(gramOfHalves) is { } cross && LargestRowSum(cross, n) is > 0 and var bound)
        {
            // J1 (J2^T w + lambda g0) is J1 J2^T applied to weights that have the mean's share added.
            double[] pulled = new double[n];
            for (int step = 0; step < iterations; step++)
            {
                for (int i = 0; i < n; i++) pulled[i] = w[i] + (lambda / n);
                for (int i = 0; i < n; i++) w[i] -= SpanAlgebra.Dot(cross.AsSpan(i * n, n), pulled) / bound;
                SimplexProjection.Project(w);
            }

            _simplex.Put(inputs, w);
        }

        for (int i = 0; i < n; i++) weights[i] = (w[i] + (lambda / n)) / (1 + lambda);
    }

    private static double LargestRowSum(double[] matrix, int n)
    {
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            foreach (double entry in matrix.AsSpan(i * n, n)) sum += Math.Abs(entry);
            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
