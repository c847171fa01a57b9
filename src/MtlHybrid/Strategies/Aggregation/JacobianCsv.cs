using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Reads task gradients from a CSV file.</summary>
public static class JacobianCsv
{
    /// <summary>Rows = task gradients. The first line may be a header: it is one when none of its fields is a number.</summary>
    /// <param name="path">A CSV file, plain or gzip.</param>
    /// <returns>[n, P], n and P at least 1, finite.</returns>
    /// <exception cref="DataException">No such file, or no such matrix; names file, line and column.</exception>
    public static Matrix<double> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var source = new CsvSource(path);
        if (!source.Read()) throw new DataException("expected lines of numbers, the file is empty", path);
        int width = source.FieldCount;
        var rows = new List<double[]>();
        if (!IsHeader(source)) rows.Add(Row(source, path));
        while (source.Read())
        {
            if (source.FieldCount != width)
                throw new DataException($"expected {width} values as in the first line, got {source.FieldCount}", path, source.Line);
            rows.Add(Row(source, path));
        }

        return rows.Count > 0
            ? Matrix<double>.Build.DenseOfRowArrays(rows)
            : throw new DataException("expected lines of numbers, there is none below the header", path);
    }

    private static bool IsHeader(CsvSource source)
    {
        for (int i = 0; i < source.FieldCount; i++)
            if (CellParser.TryNumber(source.Field(i), out _))
                return false;
        return true;
    }

    private static double[] Row(CsvSource source, string path)
    {
        double[] row = new double[source.FieldCount];
        for (int i = 0; i < row.Length; i++)
        {
            ReadOnlySpan<char> field = source.Field(i);
            if (CellParser.TryNumber(field, out row[i]) && double.IsFinite(row[i])) continue;
            throw new DataException(
                $"expected a finite number, got {(field.IsEmpty ? "nothing" : Quoted.Text(field))}",
                path, source.Line, (i + 1).ToString(CultureInfo.InvariantCulture));
        }

        return row;
    }
}
