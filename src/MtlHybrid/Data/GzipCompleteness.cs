using System.IO.Compression;

namespace MtlHybrid.Data;

/// <summary>Tells a whole gzip file from one that is cut off.</summary>
/// <remarks>GZipStream takes the end of the file for the end of the data, so a download that broke off would pass for a shorter
/// table. Here a gzip member with a known ending is appended: only after a whole file does that ending come out.</remarks>
internal static class GzipCompleteness
{
    private static readonly byte[] Ending = "0d1b6f3e-9c42-whole"u8.ToArray();

    /// <summary>Reads the stream to its end and rewinds it.</summary>
    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public static void Require(Stream gzip)
    {
        using MemoryStream ending = new();
        using (GZipStream packer = new(ending, CompressionLevel.Fastest, leaveOpen: true)) packer.Write(Ending);
        ending.Position = 0;

        using GZipStream unpacked = new(new JoinedStream(gzip, ending), CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 16];
        int kept = 0;
        for (int read; (read = unpacked.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            int filled = kept + read;
            kept = Math.Min(filled, Ending.Length);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }
        if (!buffer.AsSpan(0, kept).SequenceEqual(Ending)) throw new InvalidDataException();
        gzip.Position = 0;
    }
}
