namespace MtlHybrid.Data;

/// <summary>Reads a CSV file with a header into a <see cref="Table"/>.</summary>
internal static class CsvTable
{
    /// <param name="file">Path, plain or gzip.</param>
    /// <param name="parser">Knows what means "missing".</param>
    /// <param name="plan">Given the header (unique names), says what to do with each column; may throw.</param>
    /// <param name="notes">Receives remarks.</param>
    /// <exception cref="DataException">The file is not a table with at least one row, or a cell is not what was asked for.</exception>
    public static Table Read(string file, CellParser parser, Func<IReadOnlyList<string>, ColumnRequest[]> plan, List<string> notes)
    {
        using CsvSource source = new(file);
        string[] header = ReadHeader(source, file, notes);
        ColumnRequest[] requests = plan(header);
        ColumnBuilder?[] builders = [.. header.Zip(requests, (name, request) =>
            request.Reading == ColumnReading.Skip ? null : new ColumnBuilder(file, name, request, parser))];

        List<long> lines = [];
        while (source.Read())
        {
            if (source.FieldCount != header.Length)
                throw new DataException($"expected {header.Length} fields as in the header, got {source.FieldCount}", file, source.Line);
            for (int i = 0; i < builders.Length; i++) builders[i]?.Add(source.Field(i), source.Line);
            lines.Add(source.Line);
        }
        if (lines.Count == 0) throw new DataException("the file has a header but no rows", file);
        return new Table(file, lines.Count, [.. builders.OfType<ColumnBuilder>().Select(builder => builder.Build())], [.. lines]);
    }

    private static string[] ReadHeader(CsvSource source, string file, List<string> notes)
    {
        if (!source.Read()) throw new DataException("the file is empty", file);
        string[] header = new string[source.FieldCount];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < header.Length; i++)
        {
            header[i] = source.Field(i).ToString();
            if (header[i].Contains('\0')) throw new DataException("expected text, this is a binary file", file, source.Line);
            if (header[i].Length == 0)
            {
                header[i] = $"column_{i + 1}";
                notes.Add($"column {i + 1} has no name in the header; it is called {Quoted.Text(header[i])}");
            }
            if (!seen.TryAdd(header[i], i + 1))
                throw new DataException($"the header has this name twice, in columns {seen[header[i]]} and {i + 1}", file, source.Line, header[i]);
        }
        return header;
    }
}
