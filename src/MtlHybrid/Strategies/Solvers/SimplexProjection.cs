namespace MtlHybrid.Strategies.Solvers;

/// <summary>Euclidean projection on the simplex { x : x >= 0, sum x = 1 } (J. Duchi et al. 2008, Efficient Projections onto the
/// l1-Ball for Learning in High Dimensions): x_i = max(v_i - t, 0), the threshold t found by sorting. Exact, O(n log n).</summary>
internal static class SimplexProjection
{
    /// <summary>Replaces the values by the nearest point of the simplex.</summary>
    /// <param name="values">[n], finite, n at least 1.</param>
    public static void Project(Span<double> values)
    {
        double[] ascending = values.ToArray();
        Array.Sort(ascending);
        // Shifting all values shifts the threshold only; without it, large values would swallow the 1.
        double largest = ascending[^1];
        double sum = 0;
        double threshold = 0;
        for (int i = 1; i <= ascending.Length; i++)
        {
            double value = ascending[^i] - largest;
            sum += value;
            double candidate = (sum - 1) / i;
            if (value <= candidate) break;
            threshold = candidate;
        }

        foreach (ref double value in values) value = Math.Max(value - largest - threshold, 0);
    }
}
