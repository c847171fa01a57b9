using System.Diagnostics;

namespace MtlHybrid.Cli.Tests;

/// <summary>A file system in memory with its own size and rights; skips the calling test where it cannot be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="options">Options of mount, such as "size=64k".</param>
    public SmallDisk(string options)
    {
        string? problem = !OperatingSystem.IsLinux() ? "a small file system is tested on Linux"
            : !Environment.IsPrivilegedProcess ? "only root may mount a small file system"
            : Call("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.Path);
        if (problem is null) return;
        _folder.Dispose();
        Assert.Skip(problem);
    }

    public string Path => _folder.Path;

    public void Dispose()
    {
        if (Call("umount", _folder.Path) is { } problem) throw new InvalidOperationException(problem);
        _folder.Dispose();
    }

    // What went wrong, or null.
    private static string? Call(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {error.Trim()}";
    }
}
