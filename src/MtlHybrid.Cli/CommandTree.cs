using System.CommandLine;
using System.CommandLine.Help;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;

namespace MtlHybrid.Cli;

/// <summary>The verbs and what they have in common.</summary>
internal sealed class CommandTree
{
    private readonly Terminal _terminal;

    public CommandTree(Terminal terminal, CancellationToken cancellation)
    {
        _terminal = terminal;
        Root = new RootCommand("Trains one neural network on many tasks and keeps the tasks from hurting each other.")
        {
            Quiet,
            Verbose,
            TrainCommand.Create(terminal, cancellation),
            EvaluateCommand.Create(terminal, cancellation),
            PredictCommand.Create(terminal, cancellation),
            PilotCommand.Create(terminal, cancellation),
            StrategiesCommand.Create(terminal),
            ClusterCommand.Create(terminal),
            AggregateCommand.Create(terminal),
            DevicesCommand.Create(terminal),
            BenchCommand.Create(terminal, cancellation),
        };
        foreach (Option option in Root.Options)
        {
            if (option is HelpOption) (option.Action, option.Description) = (new HelpPage(), "this page");
            if (option is VersionOption) option.Description = "the version of mtl";
        }
    }

    public RootCommand Root { get; }

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "no progress and no notes", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "debug messages, and where an error came from", Recursive = true };

    /// <summary>Says what is wrong with a command line and how to find help.</summary>
    public int ReportUsage(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string[] known = [.. command.Options.Concat(Root.Options).Select(option => option.Name)];
        string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        var messages = new List<string>();
        foreach (string token in parse.UnmatchedTokens)
        {
            messages.Add(token.StartsWith('-')
                ? $"unknown option '{token}'{Spelling.Hint(token, known)}"
                : verbs.Length > 0
                    ? $"unknown command '{token}'{Spelling.Hint(token, verbs)}; expected one of {string.Join(", ", verbs)}"
                    : $"'{token}' is not expected here");
        }

        if (messages.Count == 0)
        {
            messages.AddRange(verbs.Length > 0 && parse.Tokens.Count == 0
                ? [$"a command is needed: {string.Join(", ", verbs)}"]
                : parse.Errors.Select(error => error.Message).Distinct());
        }

        _terminal.Fail(string.Join("; ", messages), ExitCode.WrongUsage);
        string name = command is RootCommand ? "mtl" : $"mtl {command.Name}";
        _terminal.Say($"'{name} --help' shows what there is.");
        return ExitCode.WrongUsage;
    }
}
