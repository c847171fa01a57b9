using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>J1 J2^T of two halves of a batch, in units of the mean of |g_i|^2.</summary>
internal static class CrossGram
{
    /// <summary>Cuts the products of one half with the other out of those of both.</summary>
    /// <param name="gramOfHalves">[2n, 2n].</param>
    /// <returns>[n, n], row by row: row i is g_i on the first half; null when all gradients are zero.</returns>
    public static double[]? Of(Matrix<double> gramOfHalves)
    {
        GramScale.Normalize(gramOfHalves, out double[]? scaled);
        if (scaled is null) return null;
        int n = gramOfHalves.RowCount / 2;
        double[] cross = new double[n * n];
        for (int i = 0; i < n; i++) scaled.AsSpan((i * 2 * n) + n, n).CopyTo(cross.AsSpan(i * n));
        return cross;
    }
}
