using System.Diagnostics;

namespace MtlHybrid.Cli.Tests;

/// <summary>The built program `mtl` as a process of its own.</summary>
internal static class MtlProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The program beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mtl.exe" : "mtl");

    /// <summary>Runs it to its end.</summary>
    public static Invocation Run(params string[] arguments) => Run(new ProcessStartInfo(Path), arguments);

    /// <summary>Runs a program (or what starts it) to its end.</summary>
    public static Invocation Run(ProcessStartInfo start, params string[] arguments)
    {
        using var running = new RunningProgram(start, arguments);
        return running.WaitForEnd(Patience);
    }
}
