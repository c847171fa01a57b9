using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Solvers;

/// <summary>A Gram matrix taken apart into norms and cosines, rows without a gradient left out.</summary>
internal sealed class UnitGram
{
    /// <summary>A gradient shorter than this share of the longest counts as zero, squared.</summary>
    private const double Negligible = 1e-30;

    private UnitGram(int[] rows, double[] norms, double[] cosines)
    {
        Rows = rows;
        Norms = norms;
        Cosines = cosines;
    }

    /// <summary>Which rows have a gradient, [m], ascending; empty when all are zero.</summary>
    public int[] Rows { get; }

    /// <summary>|g_i| of these, [m].</summary>
    public double[] Norms { get; }

    /// <summary>[m, m] cosines between them; symmetric, ones on the diagonal.</summary>
    public double[] Cosines { get; }

    /// <summary>Takes a Gram matrix apart.</summary>
    public static UnitGram Of(Matrix<double> gram)
    {
        double largest = 0;
        for (int i = 0; i < gram.RowCount; i++) largest = Math.Max(largest, gram.At(i, i));
        // Below the smallest normal number there are no digits left to compute with.
        double least = Math.Max(Negligible * largest, GramScale.Smallest);
        var rows = new List<int>(gram.RowCount);
        for (int i = 0; i < gram.RowCount; i++)
            if (gram.At(i, i) > least)
                rows.Add(i);
        double[] norms = [.. rows.Select(row => Math.Sqrt(gram.At(row, row)))];
        double[] cosines = new double[rows.Count * rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            cosines[i * (rows.Count + 1)] = 1;
            for (int j = 0; j < i; j++)
            {
                double cosine = Math.Clamp(gram.At(rows[i], rows[j]) / norms[i] / norms[j], -1, 1);
                cosines[(i * rows.Count) + j] = cosine;
                cosines[(j * rows.Count) + i] = cosine;
            }
        }

        return new UnitGram([.. rows], norms, cosines);
    }

    /// <summary>y = C^+ 1, where C holds the cosines: x = sum y_i u_i of the unit gradients u_i has the projection 1 on each of them,
    /// or as nearly as can be.</summary>
    /// <returns>[m].</returns>
    public double[] EqualProjections()
    {
        double[] result = new double[Rows.Length];
        if (result.Length == 0) return result;
        SymmetricEigen eigen = SymmetricEigen.Of(Cosines, Rows.Length);
        double least = eigen.Values.Max() * GramScale.Precision(Rows.Length);
        for (int k = 0; k < result.Length; k++)
        {
            if (!(eigen.Values[k] > least)) continue;
            ReadOnlySpan<double> vector = eigen.Vector(k);
            double sum = 0;
            foreach (double entry in vector) sum += entry;
            SpanAlgebra.AddScaled(result, sum / eigen.Values[k], vector);
        }

        return result;
    }
}
