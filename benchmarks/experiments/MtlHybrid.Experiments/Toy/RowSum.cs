namespace MtlHybrid.Experiments.Toy;

/// <summary>d = sum w_i g_i for two gradients of two entries.</summary>
internal static class RowSum
{
    /// <summary>Writes d.</summary>
    /// <param name="gradients">[2, 2] row by row.</param>
    /// <param name="weights">[2].</param>
    /// <param name="direction">[2], written.</param>
    public static void Of(ReadOnlySpan<double> gradients, ReadOnlySpan<double> weights, Span<double> direction)
    {
        for (int column = 0; column < 2; column++)
            direction[column] = weights[0] * gradients[column] + weights[1] * gradients[2 + column];
    }
}
