using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;

namespace MtlHybrid.Cli.Tests;

/// <summary>What an invocation of `mtl` did.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All it wrote to the output.</param>
/// <param name="Error">All it wrote to the error stream.</param>
internal sealed record Invocation(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command inside this process, with redirected streams.</summary>
    public static Invocation Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public static Invocation Run(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Application.Run(arguments, new Terminal(output, error, outputIsTerminal: false, errorIsTerminal: false), cancellation);
        return new Invocation(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The output, which must be one JSON document and nothing else.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("the output is the JSON null");

    /// <summary>Fails unless the exit code is right and the error stream has every one of the texts.</summary>
    public void MustFail(int exitCode, params string[] texts)
    {
        Assert.True(exitCode == ExitCode, $"expected exit code {exitCode}, got {ExitCode}; the error stream: {Error}");
        foreach (string text in texts) Assert.Contains(text, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at MtlHybrid", Error, StringComparison.Ordinal);
        Assert.Equal("", Output);
    }

    /// <summary>Fails unless the exit code is 0.</summary>
    public Invocation MustSucceed()
    {
        Assert.True(ExitCode == 0, $"expected exit code 0, got {ExitCode}; the error stream: {Error}");
        return this;
    }
}
