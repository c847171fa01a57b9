using System.CommandLine;
using System.CommandLine.Invocation;
using MtlHybrid.Cli.Output;

namespace MtlHybrid.Cli;

/// <summary>One invocation of `mtl`: parses, runs the verb, turns failures into messages and exit codes.</summary>
internal static class Application
{
    /// <summary>Set to 1, it shows stack traces like --verbose.</summary>
    private const string VerboseVariable = "MTL_VERBOSE";

    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        var tree = new CommandTree(terminal, cancellation);
        // No response files: '@' is an ordinary character in a name.
        ParseResult parse = tree.Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Asked for in so many words, so that a command line that cannot be parsed is answered with a document too.
        terminal.Json = args.Contains("--json");
        terminal.Quiet = parse.GetValue(tree.Quiet);
        terminal.Verbose = parse.GetValue(tree.Verbose) || Environment.GetEnvironmentVariable(VerboseVariable) == "1";
        if (parse.Action is ParseErrorAction) return tree.ReportUsage(parse);
        try
        {
            return parse.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // The one place where every failure ends.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Report(failure, terminal);
        }
    }

    private static int Report(Exception failure, Terminal terminal)
    {
        int code = ExitCode.For(failure);
        string message = failure switch
        {
            OperationCanceledException => "cancelled",
            OutOfMemoryException => "there is not enough memory",
            _ when ExitCode.IsExpected(failure) => failure.Message,
            _ => $"{failure.GetType().Name}: {failure.Message} (a defect of mtl; --verbose shows where)",
        };
        terminal.Fail(message, code);
        if (terminal.Verbose) terminal.ErrorText(failure.ToString());
        return code;
    }
}
