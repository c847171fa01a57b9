namespace MtlHybrid.Strategies.Solvers;

/// <summary>The Cholesky factor L L^T of a submatrix that rows and columns are added to and removed from, at O(m^2) each.</summary>
/// <param name="capacity">Largest number of rows, n.</param>
internal sealed class GrowingCholesky(int capacity)
{
    /// <summary>A row adds nothing when what is new in it is below this share of it.</summary>
    private const double Dependent = 1e-12;

    // Row i of L lies at i * capacity and has i + 1 entries.
    private readonly double[] _rows = new double[capacity * capacity];
    private readonly int[] _indices = new int[capacity];

    /// <summary>Rows in the factor, m.</summary>
    public int Count { get; private set; }

    /// <summary>Which rows of the matrix they are, [m], in the order of adding.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    /// <summary>Removes all rows.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a row and column of the matrix.</summary>
    /// <param name="matrix">[n, n], symmetric positive semidefinite; the same at every call since <see cref="Clear"/>.</param>
    /// <param name="index">Which row, in [0, n).</param>
    /// <returns>False, and nothing changed: the row depends linearly on those in the factor.</returns>
    public bool TryAdd(ReadOnlySpan<double> matrix, int index)
    {
        ReadOnlySpan<double> source = matrix.Slice(index * capacity, capacity);
        Span<double> row = _rows.AsSpan(Count * capacity, Count + 1);
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> above = _rows.AsSpan(i * capacity, i + 1);
            row[i] = (source[_indices[i]] - SpanAlgebra.Dot(above[..i], row[..i])) / above[i];
        }

        double rest = source[index] - SpanAlgebra.Dot(row[..Count], row[..Count]);
        if (!(rest > Dependent * source[index])) return false;
        row[Count] = Math.Sqrt(rest);
        _indices[Count++] = index;
        return true;
    }

    /// <summary>Removes a row and column.</summary>
    /// <param name="position">Its place in <see cref="Indices"/>.</param>
    public void RemoveAt(int position)
    {
        Count--;
        for (int i = position; i < Count; i++)
        {
            _indices[i] = _indices[i + 1];
            _rows.AsSpan((i + 1) * capacity, i + 2).CopyTo(_rows.AsSpan(i * capacity));
        }

        // Each row behind now reaches one column past the diagonal: rotations of neighbouring columns bring it back.
        for (int i = position; i < Count; i++)
        {
            double length = double.Hypot(_rows[(i * capacity) + i], _rows[(i * capacity) + i + 1]);
            double cos = _rows[(i * capacity) + i] / length;
            double sin = _rows[(i * capacity) + i + 1] / length;
            for (int j = i; j < Count; j++)
            {
                ref double left = ref _rows[(j * capacity) + i];
                ref double right = ref _rows[(j * capacity) + i + 1];
                (left, right) = ((cos * left) + (sin * right), (cos * right) - (sin * left));
            }
        }
    }

    /// <summary>Solves L L^T x = b.</summary>
    /// <param name="x">[m], in the order of <see cref="Indices"/>: b, replaced by x.</param>
    public void Solve(Span<double> x)
    {
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> row = _rows.AsSpan(i * capacity, i + 1);
            x[i] = (x[i] - SpanAlgebra.Dot(row[..i], x[..i])) / row[i];
        }

        for (int i = Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = _rows.AsSpan(i * capacity, i + 1);
            x[i] /= row[i];
            SpanAlgebra.AddScaled(x[..i], -x[i], row[..i]);
        }
    }
}
