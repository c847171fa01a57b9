using System.CommandLine;
using System.CommandLine.Invocation;
using MtlHybrid.Cli.Output;

namespace MtlHybrid.Cli;

/// <summary>The text of --help: usage, options by topic with their defaults, an example.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int Width = 80;
    private const int DescriptionColumn = 28;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string name = command is RootCommand ? "mtl" : $"mtl {command.Name}";
        WrappedText.Write(output, command.Description ?? "", 0, Width);
        output.WriteLine();
        string arguments = string.Concat(command.Arguments.Select(argument => $" {argument.HelpName ?? argument.Name}"));
        output.WriteLine($"Usage: {name}{(command.Subcommands.Count > 0 ? " COMMAND" : "")}{arguments} [options]");
        Section(output, "Commands", command.Subcommands.Select(verb => (verb.Name, verb.Description ?? "")));
        Section(output, "Arguments", command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? "")));
        foreach ((string title, IReadOnlyList<Option> options) in Topics(command, parseResult.RootCommandResult.Command))
            Section(output, title, options.Where(option => !option.Hidden).Select(option => (Label(option), option.Description ?? "")));
        if (command is VerbCommand { Notes: { } notes })
        {
            output.WriteLine();
            foreach (string note in notes) WrappedText.Write(output, note, 0, Width);
        }

        string[] examples = command is VerbCommand verbCommand ? verbCommand.Examples : ["mtl pilot --data table.csv --targets a,b,c --out pilot", "mtl train --help"];
        output.WriteLine();
        output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
        foreach (string example in examples) output.WriteLine($"  {example}");
        return ExitCode.Done;
    }

    private static IEnumerable<(string Title, IReadOnlyList<Option> Options)> Topics(Command command, Command root)
    {
        foreach ((string title, IReadOnlyList<Option> options) in (command as VerbCommand)?.Topics ?? []) yield return (title, options);
        IEnumerable<Option> own = command is VerbCommand ? [] : command.Options;
        yield return ("Options of every command", [.. own.Concat(root.Options).Distinct()]);
    }

    private static string Label(Option option) => option.Name + (option.ValueType == typeof(bool) || string.IsNullOrEmpty(option.HelpName) ? "" : $" {option.HelpName}");

    private static void Section(TextWriter output, string title, IEnumerable<(string Label, string Description)> rows)
    {
        bool first = true;
        foreach ((string label, string description) in rows)
        {
            if (first)
            {
                output.WriteLine();
                output.WriteLine($"{title}:");
                first = false;
            }

            string start = $"  {label}";
            if (start.Length > DescriptionColumn - 2)
            {
                output.WriteLine(start);
                start = "";
            }

            output.Write(start.PadRight(DescriptionColumn));
            WrappedText.Write(output, description, DescriptionColumn, Width);
        }
    }
}
