namespace MtlHybrid.Data;

/// <summary>A data file or data in memory cannot be used; the message says where and what was expected.</summary>
public class DataException : MtlException
{
    /// <summary>An exception with a message for people and no place.</summary>
    public DataException(string message) : base(message)
    {
    }

    /// <summary>An exception whose message starts with the place: file, line and column, as far as they are given.</summary>
    /// <param name="message">What was expected and what came.</param>
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line of the file, from 1 (the header).</param>
    /// <param name="column">Name of the column.</param>
    /// <param name="innerException">The cause, if another exception is.</param>
    public DataException(string message, string? file, long? line = null, string? column = null, Exception? innerException = null)
        : base(WithPlace(message, file, line, column), innerException)
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>Path of the file, or "data in memory"; null if no data was read.</summary>
    public string? File { get; }

    /// <summary>Line of the file, from 1 (the header), if one line is to blame.</summary>
    public long? Line { get; }

    /// <summary>Name of the column, if one column is to blame.</summary>
    public string? Column { get; }

    private static string WithPlace(string message, string? file, long? line, string? column)
    {
        List<string> place = [];
        if (file is not null) place.Add(file);
        if (line is not null) place.Add($"line {line}");
        if (column is not null) place.Add($"column {Quoted.Text(column)}");
        return place.Count == 0 ? message : $"{string.Join(", ", place)}: {message}";
    }
}
