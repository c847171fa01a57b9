using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Solvers;

/// <summary>The scale of a Gram matrix, and what counts as nothing beside it.</summary>
internal static class GramScale
{
    /// <summary>Mean squares up to here are zero: there are no digits below.</summary>
    public const double Smallest = 1e-290;

    /// <summary>Relative size below which an eigenvalue or squared norm is noise: inner products come from gradients in
    /// single precision.</summary>
    /// <param name="size">Number of gradients, n.</param>
    public static double Precision(int size) => size / (double)(1 << 23);

    /// <summary>M / (trace M / n), for work that does not depend on the scale of gradients.</summary>
    /// <param name="gram">[n, n] M.</param>
    /// <param name="scaled">[n, n], row by row; null when M is zero.</param>
    /// <returns>trace M / n, the mean of |g_i|^2.</returns>
    public static double Normalize(Matrix<double> gram, out double[]? scaled)
    {
        double mean = gram.Trace() / gram.RowCount;
        scaled = null;
        if (!(mean > Smallest)) return mean;
        // Symmetric: by columns is by rows.
        scaled = gram.ToColumnMajorArray();
        foreach (ref double entry in scaled.AsSpan()) entry /= mean;
        return mean;
    }
}
