using System.Numerics;
using System.Runtime.InteropServices;

namespace MtlHybrid.Strategies.Solvers;

/// <summary>The two loops that the small solvers spend their time in.</summary>
internal static class SpanAlgebra
{
    /// <summary>Sum of x_i y_i; the spans have one length.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        int done = 0;
        if (x.Length >= 2 * Vector<double>.Count)
        {
            ReadOnlySpan<Vector<double>> wideX = MemoryMarshal.Cast<double, Vector<double>>(x);
            ReadOnlySpan<Vector<double>> wideY = MemoryMarshal.Cast<double, Vector<double>>(y);
            Vector<double> sums = Vector<double>.Zero;
            for (int i = 0; i < wideX.Length; i++) sums += wideX[i] * wideY[i];
            sum = Vector.Sum(sums);
            done = wideX.Length * Vector<double>.Count;
        }

        for (int i = done; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>target += factor x; the spans have one length.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        int done = 0;
        if (x.Length >= 2 * Vector<double>.Count)
        {
            Span<Vector<double>> wideTarget = MemoryMarshal.Cast<double, Vector<double>>(target);
            ReadOnlySpan<Vector<double>> wideX = MemoryMarshal.Cast<double, Vector<double>>(x);
            for (int i = 0; i < wideX.Length; i++) wideTarget[i] += wideX[i] * factor;
            done = wideX.Length * Vector<double>.Count;
        }

        for (int i = done; i < x.Length; i++) target[i] += factor * x[i];
    }

    /// <summary>The quadratic form x^T A x.</summary>
    /// <param name="matrix">[n, n], symmetric.</param>
    /// <param name="x">[n].</param>
    public static double QuadraticForm(ReadOnlySpan<double> matrix, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * Dot(matrix.Slice(i * x.Length, x.Length), x);
        return sum;
    }
}
