namespace MtlHybrid.Strategies.Weighting;

/// <summary>The softmax over the tasks that take part.</summary>
internal static class Softmax
{
    /// <summary>shares_i = exp(x_i / temperature) / sum over j of exp(x_j / temperature), over the x that are not NaN.</summary>
    /// <param name="values">[K] x; NaN for tasks that take no part; not infinite.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="shares">[K], written; sum to 1; 0 where x is NaN.</param>
    public static void Over(ReadOnlySpan<double> values, double temperature, Span<double> shares)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in values) if (value > largest) largest = value;
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // The difference first: a quotient by a small temperature may overflow.
            shares[i] = double.IsNaN(values[i]) ? 0 : Math.Exp((values[i] - largest) / temperature);
            sum += shares[i];
        }

        if (sum == 0) return;
        for (int i = 0; i < values.Length; i++) shares[i] /= sum;
    }
}
