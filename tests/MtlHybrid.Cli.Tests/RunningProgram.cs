using System.Diagnostics;
using System.Text;

namespace MtlHybrid.Cli.Tests;

/// <summary>A child process whose output is collected; killed when the test ends before it.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _error = new();

    public RunningProgram(ProcessStartInfo start, params string[] arguments)
    {
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_error) _error.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    private string Error
    {
        get
        {
            lock (_error) return _error.ToString();
        }
    }

    /// <summary>Waits until the error stream has a text.</summary>
    public void WaitForError(string text, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < patience && !(HasEnded && watch.ElapsedMilliseconds > 1000), $"'{text}' did not come; the error stream: {Error}");
            Thread.Sleep(20);
        }
    }

    public Invocation WaitForEnd(TimeSpan patience)
    {
        Assert.True(_process.WaitForExit(patience), $"the program did not end in {patience}; the error stream: {Error}");
        _process.WaitForExit();
        return new Invocation(_process.ExitCode, _output.Result, Error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
