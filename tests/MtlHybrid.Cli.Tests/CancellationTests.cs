using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM of the running program.</summary>
public class CancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void The_first_signal_ends_training_and_saves_what_was_reached(string signal)
    {
        using var folder = new TemporaryFolder();
        using RunningProgram program = StartEndlessTraining(folder, "--json");
        program.WaitForError("epoch 1", Patience);

        Send(signal, program);

        Invocation invocation = program.WaitForEnd(Patience);
        Assert.Equal(ExitCode.Cancelled, invocation.ExitCode);
        Assert.Equal("cancelled", (string)invocation.Json["stopReason"]!);
        Assert.Contains("has what was reached", invocation.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["run"], "weights.safetensors")));
        Assert.Equal("cancelled", (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "result.json")))!["stopReason"]!);
        Invocation.Run("predict", "--model", folder["run"], "--data", folder["table.csv"]).MustSucceed();
    }

    [Fact]
    public void A_pilot_ends_with_the_runs_that_were_finished()
    {
        NeedSignals();
        using var folder = new TemporaryFolder();
        using var program = new RunningProgram(
            Start(), "pilot", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "1000000", "--no-early-stopping", "--threads", "1", "--out", folder["pilot"]);
        program.WaitForError("seed 1 of 5", Patience);

        Send("INT", program);

        Assert.Equal(ExitCode.Cancelled, program.WaitForEnd(Patience).ExitCode);
        Assert.False((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(folder["pilot"], "pilot.json")))!["complete"]!);
        Assert.True(File.Exists(Path.Combine(folder["pilot"], "report.html")));
    }

    [Fact]
    public void The_second_signal_ends_work_that_does_not_heed_the_first()
    {
        NeedSignals();
        using var folder = new TemporaryFolder();
        // Opening a pipe that nobody writes to never returns.
        using (Process mkfifo = Process.Start("/usr/bin/mkfifo", [folder["pipe.csv"]])) mkfifo.WaitForExit();
        using var program = new RunningProgram(Start(), "train", "--data", folder["pipe.csv"], "--targets", "sum", "--out", folder["run"]);
        WaitFor(() => Directory.Exists(folder["run"]));

        Send("INT", program);
        program.WaitForError("once more ends at once", Patience);
        Assert.False(program.HasEnded);
        Send("INT", program);

        Assert.Equal(ExitCode.Cancelled, program.WaitForEnd(Patience).ExitCode);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static void WaitFor(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, "the program did not begin");
            Thread.Sleep(20);
        }
    }

    private static RunningProgram StartEndlessTraining(TemporaryFolder folder, params string[] options)
    {
        NeedSignals();
        return new RunningProgram(
            Start(),
            ["train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "1000000", "--no-early-stopping", "--threads", "1", .. options, "--out", folder["run"]]);
    }

    // A shell that runs the tests in the background makes its children ignore SIGINT; env undoes that and becomes the program.
    private static ProcessStartInfo Start() => new("/usr/bin/env", ["--default-signal=INT", "--default-signal=TERM", MtlProgram.Path]);

    private static void NeedSignals()
    {
        NativeLibrary.Need();
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/env"), "signals are tested on Linux");
    }

    private static void Send(string signal, RunningProgram program)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{signal}", program.Id.ToString()]);
        kill.WaitForExit();
    }
}
