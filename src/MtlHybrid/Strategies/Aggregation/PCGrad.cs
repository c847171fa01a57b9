using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Every gradient in turn loses its component against each other one it conflicts with, the others in random order;
/// d is the sum of what is left. Done on coefficients: g_i' = sum_k c_k g_k, so that g_i' . g_j = sum_k c_k M_kj.</summary>
internal sealed class PCGrad : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        ReadOnlySpan<double> products = gram.ToColumnMajorArray();
        var opponents = new RandomOpponents(gram, inputs);
        double[] coefficients = new double[n];
        weights.Clear();
        for (int i = 0; i < n; i++)
        {
            Array.Clear(coefficients);
            coefficients[i] = 1;
            foreach (int j in opponents.Of(i))
            {
                ReadOnlySpan<double> column = products.Slice(j * n, n);
                double product = SpanAlgebra.Dot(coefficients, column);
                if (product < 0 && opponents.HasDirection(column[j])) coefficients[j] -= product / column[j];
            }

            SpanAlgebra.AddScaled(weights, 1, coefficients);
        }

        return null;
    }
}
