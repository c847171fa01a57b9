namespace MtlHybrid.Cli.Output;

/// <summary>The folder for results, claimed before the work begins so that hours of training do not end in "no
/// permission". A folder that was made for a run that then wrote nothing is taken away again.</summary>
internal sealed class OutputFolder : IDisposable
{
    // Folders that did not exist before, the innermost first.
    private readonly List<string> _created = [];

    private OutputFolder(string path)
    {
        Path = path;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public string Path { get; }

    /// <summary>Makes the folder where it is missing and tries to write into it.</summary>
    /// <exception cref="IOException">A file has the name, the folder cannot be made or written to, the disk is full.</exception>
    public static OutputFolder Claim(string path)
    {
        if (File.Exists(path)) throw new IOException($"--out {path}: this is a file; expected a folder or a new name");
        var folder = new OutputFolder(path);
        try
        {
            for (string? missing = System.IO.Path.GetFullPath(path); missing is not null && !Directory.Exists(missing); missing = System.IO.Path.GetDirectoryName(missing))
                folder._created.Add(missing);
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, $".mtl-{Environment.ProcessId}.tmp");
            try
            {
                // More than a byte: a full disk may still have a name to give.
                File.WriteAllBytes(probe, new byte[4096]);
            }
            finally
            {
                File.Delete(probe);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            throw Refusal(path, e);
        }

        return folder;
    }

    /// <summary>Writes results; failures name the folder.</summary>
    public void Write(Action<string> write)
    {
        try
        {
            write(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(Path, e);
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        foreach (string folder in _created)
        {
            if (!Directory.Exists(folder)) continue;
            if (Directory.EnumerateFileSystemEntries(folder).Any()) return;
            Directory.Delete(folder);
        }
    }

    // A second Ctrl-C ends the process without coming back to whoever holds this.
    private void OnExit(object? sender, EventArgs e) => Dispose();

    private static IOException Refusal(string path, Exception cause) => new($"--out {path}: cannot write there: {cause.Message}", cause);
}
