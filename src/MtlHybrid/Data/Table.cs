namespace MtlHybrid.Data;

/// <summary>Columns by name, and where their rows stand in the file they came from.</summary>
internal sealed class Table
{
    private readonly Dictionary<string, DataColumn> _columns;
    private readonly long[]? _lines;

    /// <param name="source">Path of the file, or what stands for it in messages.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">In the order of the file.</param>
    /// <param name="lines">Line of every row; null when there is no file.</param>
    public Table(string source, int rows, IReadOnlyList<DataColumn> columns, long[]? lines)
    {
        Source = source;
        Rows = rows;
        Columns = columns;
        _lines = lines;
        _columns = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    public string Source { get; }

    public int Rows { get; }

    public IReadOnlyList<DataColumn> Columns { get; }

    /// <param name="name">Name of the column.</param>
    /// <param name="role">What the column is wanted for, for the message ("input").</param>
    /// <exception cref="DataException">There is no such column; a similar name is suggested.</exception>
    public DataColumn Column(string name, string role) =>
        _columns.TryGetValue(name, out DataColumn? column) ? column : throw UnknownColumn(Source, name, role, _columns.Keys);

    /// <summary>An error about one cell.</summary>
    public DataException CellError(string column, int row, string message) => _lines is null
        ? new DataException($"row {row}: {message}", Source, null, column)
        : new DataException(message, Source, _lines[row], column);

    public static DataException UnknownColumn(string source, string name, string role, IEnumerable<string> names) =>
        new($"there is no such column, named as {role}{NearestName.Hint(name, names)}", source, null, name);
}
