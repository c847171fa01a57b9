using System.Diagnostics;
using Xunit;

namespace MtlHybrid.Bindings.Tests;

/// <summary>Programs of the machine; a test that needs one is skipped, visibly, where it is absent.</summary>
internal static class Tool
{
    /// <summary>Runs the program to its end and gives its standard output.</summary>
    public static string Run(string program, params string[] arguments)
    {
        Assert.SkipUnless(IsPresent(program), $"{program} is not installed");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
        return output;
    }

    private static bool IsPresent(string program) =>
        Path.IsPathRooted(program)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
