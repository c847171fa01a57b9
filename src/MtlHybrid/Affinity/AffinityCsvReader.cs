using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;

namespace MtlHybrid.Affinity;

/// <summary>Reads an affinity matrix from CSV and finds out, by its shape, whether names stand around it.</summary>
internal sealed class AffinityCsvReader
{
    private readonly string _path;
    private readonly List<(long Line, string[] Fields)> _rows = [];
    private bool _nameRow;
    private bool _nameColumn;

    private AffinityCsvReader(string path) => _path = path;

    public static AffinityMatrix Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var reader = new AffinityCsvReader(path);
        reader.ReadRows();
        reader.FindNames();
        return reader.Build();
    }

    private void ReadRows()
    {
        using var source = new CsvSource(_path);
        while (source.Read())
        {
            string[] fields = new string[source.FieldCount];
            for (int i = 0; i < fields.Length; i++)
                fields[i] = source.Field(i).ToString();
            if (_rows.Count > 0 && fields.Length != _rows[0].Fields.Length)
                throw new DataException($"expected {_rows[0].Fields.Length} values as in the first line, got {fields.Length}", _path, source.Line);
            _rows.Add((source.Line, fields));
        }

        if (_rows.Count == 0) throw new DataException("expected a square matrix, the file is empty", _path);
    }

    private void FindNames()
    {
        int height = _rows.Count, width = _rows[0].Fields.Length;
        bool namesAbove = _rows[0].Fields.Any(field => !IsNumber(field)), namesLeft = _rows.Any(row => !IsNumber(row.Fields[0]));
        // A square file with text in its corner has names on both sides, or a mistake in its first cell.
        _nameRow = (height == width + 1 && namesAbove) || (height == width && HasNamesOnBothSides());
        _nameColumn = (width == height + 1 && namesLeft) || (height == width && _nameRow);
        if (height - (_nameRow ? 1 : 0) != width - (_nameColumn ? 1 : 0))
            throw new DataException($"expected a square matrix, got {height} lines of {width} values", _path);
    }

    private bool HasNamesOnBothSides() => _rows.Count > 1 && !IsNumber(_rows[0].Fields[0])
        && _rows.Skip(1).Select(row => row.Fields[0]).SequenceEqual(_rows[0].Fields.Skip(1));

    private AffinityMatrix Build()
    {
        int top = _nameRow ? 1 : 0, left = _nameColumn ? 1 : 0, tasks = _rows.Count - top;
        var values = Matrix<double>.Build.Dense(tasks, tasks);
        for (int i = 0; i < tasks; i++)
            for (int j = 0; j < tasks; j++)
                values[i, j] = Number(top + i, left + j);
        return new AffinityMatrix(values, Names());
    }

    private string[]? Names()
    {
        string[] names;
        if (_nameRow) names = _rows[0].Fields[(_nameColumn ? 1 : 0)..];
        else if (_nameColumn) names = [.. _rows.Select(row => row.Fields[0])];
        else return null;
        foreach (IGrouping<string, string> same in names.GroupBy(name => name))
            if (same.Count() > 1)
                throw new DataException($"the task name {Quoted.Text(same.Key)} occurs {same.Count()} times; names must differ", _path, _rows[0].Line);
        return names;
    }

    private double Number(int row, int column)
    {
        (long line, string[] fields) = _rows[row];
        if (CellParser.TryNumber(fields[column], out double value) && double.IsFinite(value)) return value;
        throw new DataException($"expected a finite number, got {(fields[column].Length == 0 ? "nothing" : Quoted.Text(fields[column]))}",
            _path, line, (column + 1).ToString(CultureInfo.InvariantCulture));
    }

    private static bool IsNumber(string field) => CellParser.TryNumber(field, out _);
}
