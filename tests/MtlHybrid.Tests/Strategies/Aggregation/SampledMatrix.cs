using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Task gradients to try aggregators on: always the same ones.</summary>
/// <param name="Name">Kind, shape, rank.</param>
/// <param name="Jacobian">[n, P].</param>
internal sealed record SampledMatrix(string Name, Matrix<double> Jacobian)
{
    private static readonly (int Rows, int Columns)[] Shapes = [(1, 1), (1, 5), (2, 2), (2, 9), (3, 2), (4, 7), (7, 21), (9, 5), (16, 40), (24, 30)];

    /// <summary>Rows that are linearly independent, and not: normal entries.</summary>
    public static IReadOnlyList<SampledMatrix> Ordinary { get; } =
    [
        .. Shapes.Select((shape, i) => new SampledMatrix($"normal {shape}", Normal(shape.Rows, shape.Columns, i))),
        .. Shapes.Where(shape => Math.Min(shape.Rows, shape.Columns) > 1).SelectMany(shape =>
            new[] { 1, Math.Min(shape.Rows, shape.Columns) / 2, Math.Min(shape.Rows, shape.Columns) - 1 }.Distinct().Select(rank =>
                new SampledMatrix($"rank {rank} {shape}", Normal(shape.Rows, rank, 100 + rank) * Normal(rank, shape.Columns, 200 + rank)))),
        .. Shapes.Select((shape, i) => new SampledMatrix($"of many lengths {shape}",
            Matrix<double>.Build.Diagonal([.. Enumerable.Range(0, shape.Rows).Select(row => Math.Pow(10, (row * 5 % 7) - 3))])
            * Normal(shape.Rows, shape.Columns, 300 + i))),
    ];

    /// <summary>Where a convex combination of all rows, no weight zero, vanishes.</summary>
    public static IReadOnlyList<SampledMatrix> StronglyStationary { get; } =
        [.. Shapes.Where(shape => shape.Rows > 1).Select((shape, i) => new SampledMatrix($"strongly stationary {shape}", Stationary(shape.Rows, shape.Columns, i)))];

    /// <summary>Where a direction helps one task at least and hurts none, though in all directions perpendicular to it the gradients
    /// cancel.</summary>
    public static IReadOnlyList<SampledMatrix> NotStationary { get; } =
        [.. Shapes.Where(shape => shape.Rows > 2 && shape.Columns > 2).SelectMany((shape, i) => new[]
        {
            new SampledMatrix($"one helped {shape}", Helped(shape.Rows, shape.Columns, i, helped: 1)),
            new SampledMatrix($"half helped {shape}", Helped(shape.Rows, shape.Columns, i, helped: shape.Rows / 2)),
            new SampledMatrix($"all helped {shape}", Helped(shape.Rows, shape.Columns, i, helped: shape.Rows)),
        })];

    /// <summary>Rows that are zero, equal, opposite, alone.</summary>
    public static IReadOnlyList<SampledMatrix> Degenerate { get; } =
    [
        .. Shapes.Select(shape => new SampledMatrix($"zero {shape}", Matrix<double>.Build.Dense(shape.Rows, shape.Columns))),
        .. Shapes.Select((shape, i) => new SampledMatrix($"last row zero {shape}", LastRow(Normal(shape.Rows, shape.Columns, i), 0))),
        .. Shapes.Select((shape, i) => new SampledMatrix($"last row tiny {shape}", LastRow(Normal(shape.Rows, shape.Columns, i), 1e-12))),
        .. Shapes.Select((shape, i) => new SampledMatrix($"last row huge {shape}", LastRow(Normal(shape.Rows, shape.Columns, i), 1e12))),
        .. Shapes.Select(shape => new SampledMatrix($"equal rows {shape}", Matrix<double>.Build.Dense(shape.Rows, shape.Columns, (_, j) => j - 1.5))),
        .. Shapes.Select(shape => new SampledMatrix($"opposite rows {shape}",
            Matrix<double>.Build.Dense(shape.Rows, shape.Columns, (i, j) => (j + 0.3) * (i % 2 == 0 ? 1 : -1)))),
        .. Shapes.Select(shape => new SampledMatrix($"orthogonal rows {shape}",
            Matrix<double>.Build.Dense(shape.Rows, shape.Columns, (i, j) => i == j ? i + 1 : 0))),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SampledMatrix> All { get; } = [.. Ordinary, .. StronglyStationary, .. NotStationary, .. Degenerate];

    /// <summary>Length of the longest row.</summary>
    public double Longest => Jacobian.EnumerateRows().Max(row => row.L2Norm());

    /// <summary>Whether a row is many times shorter than another.</summary>
    public bool OfManyLengths => Jacobian.EnumerateRows().Where(row => row.L2Norm() > 0).Any(row => row.L2Norm() < 0.02 * Longest);

    public SampledMatrix Scaled(double factor) => new($"{factor:g} x {Name}", Jacobian * factor);

    /// <summary>[rows, columns] of independent standard normal numbers.</summary>
    public static Matrix<double> Normal(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    private static Matrix<double> Stationary(int rows, int columns, int seed)
    {
        Matrix<double> matrix = Normal(rows, columns, 400 + seed);
        // Minus a positive combination of the others.
        for (int j = 0; j < columns; j++)
            matrix[rows - 1, j] = -Enumerable.Range(0, rows - 1).Sum(i => (0.5 + (i % 3)) * matrix[i, j]) / rows;
        return matrix;
    }

    private static Matrix<double> Helped(int rows, int columns, int seed, int helped)
    {
        // In all columns but the first the rows cancel; the first is the direction that helps.
        Matrix<double> rest = Stationary(rows, columns - 1, 500 + seed);
        return Matrix<double>.Build.Dense(rows, columns, (i, j) => j > 0 ? rest[i, j - 1] : i < helped ? 1 + (i % 2) : 0);
    }

    private static Matrix<double> LastRow(Matrix<double> matrix, double factor)
    {
        matrix.SetRow(matrix.RowCount - 1, matrix.Row(matrix.RowCount - 1) * factor);
        return matrix;
    }
}
