using MtlHybrid.Interchange;

namespace MtlHybrid.Cli.Output;

/// <summary>A file that the user named with --out or --trace: whole or not there, unless the name stands for something else.</summary>
internal static class OutputFile
{
    /// <summary>Writes a text file (UTF-8 without mark, line feeds). Links, pipes and devices are written through: a new file
    /// renamed over /dev/null or /dev/stdout would take them away from the whole machine.</summary>
    /// <exception cref="IOException">The name is empty or a folder's, the file cannot be made or written to, the disk is full.</exception>
    public static void WriteText(string path, Action<TextWriter> write, string flag = "--out")
    {
        Check(path, flag);
        try
        {
            using FileStream? through = OpenToWriteThrough(path);
            if (through is null)
            {
                AtomicFile.WriteText(path, write);
                return;
            }

            using var writer = new StreamWriter(through) { NewLine = "\n" };
            write(writer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{flag} {path}: cannot write there: {e.Message}", e);
        }
    }

    /// <summary>Throws where nothing could be written, as far as that shows beforehand.</summary>
    /// <exception cref="IOException">The name is empty or a folder's, or its folder is missing.</exception>
    public static void Check(string path, string flag)
    {
        if (path.Length == 0) throw new IOException($"{flag}: expected the name of a file, got an empty one");
        if (Directory.Exists(path)) throw new IOException($"{flag} {path}: this is a folder; expected a file or a new name");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new IOException($"{flag} {path}: cannot write there: there is no folder {folder}");
    }

    // Null: a plain file, or nothing yet.
    private static FileStream? OpenToWriteThrough(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) return Open(path, FileMode.Create);
        if (!File.Exists(path)) return null;
        FileStream stream = Open(path, FileMode.Open);
        if (!IsPlainFile(stream)) return stream;
        stream.Dispose();
        return null;
    }

    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.Write, FileShare.ReadWrite);

    // .NET does not tell devices from files; but only files have a length that can be set.
    private static bool IsPlainFile(FileStream stream)
    {
        if (!stream.CanSeek) return false;
        try
        {
            stream.SetLength(stream.Length);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
