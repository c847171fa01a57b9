using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Diagnostics;

/// <summary>How the task gradients of one batch lie to each other, from their inner products. Gradients that are zero take no part;
/// what needs two gradients is NaN where there are fewer.</summary>
public sealed class GradientStatistics
{
    private GradientStatistics(Matrix<double> gram)
    {
        int[] rows = [.. Enumerable.Range(0, gram.RowCount).Where(i => gram[i, i] > GramScale.Smallest)];
        Norms = [.. Enumerable.Range(0, gram.RowCount).Select(i => Math.Sqrt(Math.Max(gram[i, i], 0)))];
        Cosines = Matrix<double>.Build.Dense(gram.RowCount, gram.RowCount, double.NaN);
        foreach (int i in rows)
            foreach (int j in rows)
                Cosines[i, j] = i == j ? 1 : Math.Clamp(gram[i, j] / Norms[i] / Norms[j], -1, 1);
        (double cosines, double similarities, int conflicts, int pairs) = (0, 0, 0, 0);
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = a + 1; b < rows.Length; b++)
            {
                (int i, int j) = (rows[a], rows[b]);
                cosines += Cosines[i, j];
                // By the ratio, so that squares of squares do not overflow.
                double ratio = Math.Min(Norms[i], Norms[j]) / Math.Max(Norms[i], Norms[j]);
                similarities += 2 * ratio / (1 + ratio * ratio);
                if (Cosines[i, j] < 0) conflicts++;
                pairs++;
            }
        }

        MeanCosine = cosines / pairs;
        MagnitudeSimilarity = similarities / pairs;
        ConflictShare = (double)conflicts / pairs;
        if (rows.Length == 0) return;
        Matrix<double> present = Matrix<double>.Build.Dense(rows.Length, rows.Length, (a, b) => gram[rows[a], rows[b]]);
        double meanSquare = GramScale.Normalize(present, out double[]? scaled);
        if (rows.Length > 1) ConditionNumber = Condition(scaled!, rows.Length);
        Stationarity = ShortestInHull(scaled!, rows.Length);
        MinimumNorm = Stationarity * Math.Sqrt(meanSquare);
    }

    /// <summary>[n] |g_i|.</summary>
    public IReadOnlyList<double> Norms { get; }

    /// <summary>[n, n] cosines of the angles between gradients, in [-1, 1]; NaN where one of the two is zero.</summary>
    public Matrix<double> Cosines { get; }

    /// <summary>Mean cosine over the pairs of different tasks.</summary>
    public double MeanCosine { get; }

    /// <summary>Share of the pairs whose cosine is below 0: a step on the one alone would, to first order, raise the loss of the
    /// other.</summary>
    public double ConflictShare { get; }

    /// <summary>2 |a| |b| / (|a|^2 + |b|^2), mean over the pairs: 1 where all gradients are of one length, towards 0 where one
    /// dwarfs the other (Yu et al. 2020).</summary>
    public double MagnitudeSimilarity { get; }

    /// <summary>Largest by smallest singular value of the matrix whose rows are the gradients, at least 1. Gradients come in single
    /// precision, so that it is not told apart above sqrt(2^23 / n); that much is given then.</summary>
    public double ConditionNumber { get; } = double.NaN;

    /// <summary>The smallest norm in the convex hull of the gradients, of the same scale as these: 0 at a point from which no direction
    /// lowers all losses (Pareto stationary).</summary>
    public double MinimumNorm { get; } = double.NaN;

    /// <summary><see cref="MinimumNorm"/> by the root mean square of the norms: in [0, 1], whatever the scale of the losses.</summary>
    public double Stationarity { get; } = double.NaN;

    /// <summary>The statistics of a Gram matrix.</summary>
    /// <param name="gram">[n, n] M_ij = g_i . g_j, symmetric; n at least 1. Not changed, not kept.</param>
    /// <returns>Null when an entry is not finite: then nothing can be said.</returns>
    public static GradientStatistics? Of(Matrix<double> gram)
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (gram.RowCount != gram.ColumnCount) throw new ArgumentException($"expected a square matrix; got {gram.RowCount} x {gram.ColumnCount}", nameof(gram));
        return gram.Exists(entry => !double.IsFinite(entry)) ? null : new GradientStatistics(gram);
    }

    private static double Condition(double[] gram, int size)
    {
        double[] values = SymmetricEigen.Of(gram, size).Values;
        return Math.Sqrt(values[^1] / Math.Max(values[0], values[^1] * GramScale.Precision(size)));
    }

    private static double ShortestInHull(double[] gram, int size)
    {
        var program = new ActiveSetProgram(size, sumsToOne: true);
        program.Load(gram);
        var weights = new double[size];
        program.Solve(new double[size], weights);
        return Math.Sqrt(Math.Max(SpanAlgebra.QuadraticForm(gram, weights), 0));
    }
}
