using System.Diagnostics;

namespace MtlHybrid.Benchmarks;

/// <summary>What the results of a run belong to.</summary>
internal static class MeasuredCommit
{
    /// <summary>The commit of the repository this runs in, and whether anything was changed since.</summary>
    public static string Describe()
    {
        string head = Git("rev-parse HEAD").Trim();
        return Git("status --porcelain").Length == 0 ? head : head + " and changes that are not committed";
    }

    private static string Git(string arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("git could not be started");
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException($"git {arguments} failed: run this inside the repository");
        return output;
    }
}
