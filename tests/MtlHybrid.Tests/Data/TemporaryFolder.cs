using System.IO.Compression;
using System.Text;

namespace MtlHybrid.Tests.Data;

/// <summary>A folder for small files that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private int _files;

    public string Path { get; } = Directory.CreateTempSubdirectory("mtlhybrid-data-").FullName;

    public string Write(string text, string? name = null)
    {
        string path = NewPath(name);
        File.WriteAllText(path, text);
        return path;
    }

    public string WriteBytes(byte[] bytes, string? name = null)
    {
        string path = NewPath(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Gzip(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string NewPath(string? name) => System.IO.Path.Combine(Path, name ?? $"{_files++}.csv");
}
