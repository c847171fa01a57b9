using System.IO.Compression;
using System.Text;
using Sylvan.Data.Csv;

namespace MtlHybrid.Data;

/// <summary>Reads a CSV file (plain or gzip) record by record and knows the line; every fault becomes a <see cref="DataException"/>.</summary>
/// <remarks>The delimiter (comma, semicolon, tab or bar) is found from the header; empty lines are skipped; quoted fields may
/// span lines; text is UTF-8 unless a byte order mark says otherwise.</remarks>
internal sealed class CsvSource : IDisposable
{
    private const int MaximumRecordCharacters = 1 << 28;

    // Replacing what cannot be decoded would make one class of "Öl" and "Äl" in another encoding.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _file;
    private readonly CsvDataReader _reader;
    private long _nextLine = 1;

    public CsvSource(string file)
    {
        _file = file;
        TextReader text = Open(file);
        try
        {
            // A comment mark would swallow headers such as "#id"; this one is no character of any text.
            _reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                HasHeaders = false,
                Comment = '\uFFFF',
                BufferSize = 1 << 16,
                MaxBufferSize = MaximumRecordCharacters,
            });
        }
        catch (Exception e) when (IsReadingFault(e))
        {
            text.Dispose();
            throw ReadingError(e);
        }
    }

    /// <summary>Line of the current record's beginning, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Fields of the current record.</summary>
    public int FieldCount => _reader.RowFieldCount;

    /// <summary>A field of the current record, without surrounding white space.</summary>
    public ReadOnlySpan<char> Field(int index) => _reader.GetFieldSpan(index).Trim();

    /// <summary>Moves to the next record that is not an empty line; false at the end.</summary>
    public bool Read()
    {
        try
        {
            while (_reader.Read())
            {
                ReadOnlySpan<char> raw = _reader.GetRawRecordSpan();
                Line = _nextLine;
                _nextLine += LineBreaks(raw);
                if (_reader.RowFieldCount > 1 || !raw.IsWhiteSpace()) return true;
            }
            return false;
        }
        catch (Exception e) when (IsReadingFault(e))
        {
            throw ReadingError(e);
        }
    }

    public void Dispose() => _reader.Dispose();

    private static StreamReader Open(string file)
    {
        if (Directory.Exists(file)) throw new DataException("expected a CSV file, this is a folder", file);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (!stream.CanSeek) throw new DataException("expected a file, this is a pipe; save the table to a file first", file);
            Span<byte> start = stackalloc byte[4];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            stream.Position = 0;
            if (start.Length == 0) throw new DataException("the file is empty", file);
            if (start.StartsWith("PK\x3\x4"u8))
                throw new DataException("expected a CSV file, this is a zip archive or a spreadsheet; save it as CSV", file);
            bool gzip = start is [0x1f, 0x8b, ..];
            if (!gzip && file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                throw new DataException("expected gzip data because of the name, but the file does not begin as such", file);
            if (gzip) GzipCompleteness.Require(stream);
            return new StreamReader(gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream, StrictUtf8);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is InvalidDataException) throw GzipError(file, e);
            if (e is FileNotFoundException or DirectoryNotFoundException) throw new DataException("there is no such file", file, innerException: e);
            if (e is UnauthorizedAccessException) throw new DataException("no permission to read the file", file, innerException: e);
            if (e is IOException or ArgumentException or NotSupportedException)
                throw new DataException($"cannot be opened: {e.Message}", file, innerException: e);
            throw;
        }
    }

    private static int LineBreaks(ReadOnlySpan<char> raw)
    {
        int breaks = 0;
        for (int i; (i = raw.IndexOfAny('\r', '\n')) >= 0; breaks++)
            raw = raw[(i + (raw[i..].StartsWith("\r\n") ? 2 : 1))..];
        return breaks;
    }

    private static bool IsReadingFault(Exception e) =>
        e is FormatException or IOException or InvalidDataException or CsvRecordTooLargeException or DecoderFallbackException;

    private static DataException GzipError(string file, Exception e) =>
        new("the gzip data is damaged or cut off", file, innerException: e);

    private DataException ReadingError(Exception e) => e switch
    {
        InvalidDataException => GzipError(_file, e),
        // The text is decoded ahead of the records: the line is not known.
        DecoderFallbackException => new DataException("the text is not UTF-8; save it as \"CSV UTF-8\", or convert it with iconv", _file, innerException: e),
        IOException => new DataException($"cannot be read: {e.Message}", _file, innerException: e),
        CsvRecordTooLargeException => new DataException(
            $"a record is longer than {MaximumRecordCharacters:N0} characters; is a quote not closed?", _file, _nextLine, innerException: e),
        _ => new DataException($"not a CSV record: {e.Message}", _file, _nextLine, innerException: e),
    };
}
