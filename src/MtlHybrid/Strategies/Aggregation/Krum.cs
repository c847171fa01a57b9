using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>The mean of the gradients that lie closest to their neighbours: a gradient's score is the sum of the squared distances
/// to its n - byzantine - 2 nearest ones, |g_i - g_j|^2 = M_ii + M_jj - 2 M_ij.</summary>
/// <param name="byzantine">How many gradients may be arbitrary, at least 0.</param>
/// <param name="selected">How many of the lowest scores are averaged, at least 1.</param>
internal sealed class Krum(int byzantine, int selected) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        // One gradient alone has no neighbour and needs none.
        int neighbours = Math.Clamp(n - byzantine - 2, Math.Min(1, n - 1), n - 1);
        int kept = Math.Min(selected, n);
        double[] scores = new double[n];
        double[] distances = new double[n];
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
            for (int j = 0; j < n; j++) distances[j] = i == j ? 0 : Math.Max(gram.At(i, i) + gram.At(j, j) - (2 * gram.At(i, j)), 0);
            Array.Sort(distances);
            // The first of them is the gradient's own.
            for (int k = 1; k <= neighbours; k++) scores[i] += distances[k];
        }

        weights.Clear();
        foreach (int i in order.OrderBy(i => scores[i]).Take(kept)) weights[i] = 1.0 / kept;
        return n >= byzantine + 3 && n >= selected
            ? null
            : $"krum with {byzantine} arbitrary and {selected} selected gradients needs at least {Math.Max(byzantine + 3, selected)}, got {n}; "
                + $"scores of {neighbours} neighbours, mean of {kept}";
    }
}
