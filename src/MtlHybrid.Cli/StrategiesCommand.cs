using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Strategies;
using Spectre.Console;

namespace MtlHybrid.Cli;

/// <summary>`mtl strategies`: the list of strategies, and what one of them does.</summary>
internal sealed class StrategiesCommand(Terminal terminal)
{
    private readonly Argument<string?> _name = new("NAME")
    {
        HelpName = "[NAME]",
        Description = "a strategy, for its rule, source, cost and options; without it all are listed",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "all of it in Markdown, as in docs/strategies.md" };

    public static Command Create(Terminal terminal) => new StrategiesCommand(terminal).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("strategies", "lists the strategies, or tells what one does and which options it has")
        {
            Examples = ["mtl strategies", "mtl strategies selective", "mtl strategies --json"],
            Notes = ["mtl train --strategy NAME uses one; mtl pilot --strategies NAME,NAME,... compares several on your data."],
        };
        command.Add(_name);
        command.AddTopic("Output", _markdown, VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        if (parse.GetValue(_markdown))
        {
            StrategyPage.Write(terminal.Output);
            return ExitCode.Done;
        }

        if (parse.GetValue(_name) is not { } name)
        {
            if (terminal.Json) terminal.Write(new JsonObject { ["strategies"] = new JsonArray([.. StrategyCatalog.All.Select(Summarise)]) });
            else PrintList();
            return ExitCode.Done;
        }

        StrategyDescription strategy = Find(name);
        if (terminal.Json) terminal.Write(Describe(strategy));
        else Print(strategy);
        return ExitCode.Done;
    }

    private static StrategyDescription Find(string name)
    {
        string[] known = [.. StrategyCatalog.All.Select(entry => entry.Name)];
        return StrategyCatalog.All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"unknown strategy '{name}'{Spelling.Hint(name, known)}; expected one of {string.Join(", ", known)}");
    }

    private void PrintList()
    {
        Grid grid = new Grid().AddColumn(Fixed()).AddColumn(Fixed()).AddColumn(Fixed()).AddColumn();
        grid.AddRow(new Text("name"), new Text("title"), new Text("needs"), new Text("what it does"));
        foreach (StrategyDescription entry in StrategyCatalog.All)
            grid.AddRow(new Text(entry.Name), new Text(entry.Title), new Text(NeedsText.Short(entry.Needs)), new Text(entry.Summary));
        terminal.Print(grid);
    }

    private void Print(StrategyDescription strategy)
    {
        Grid grid = new Grid().AddColumn(Fixed()).AddColumn();
        foreach ((string label, string value) in Facts(strategy)) grid.AddRow(new Text(label), new Text(value));
        terminal.Print(grid);
        IReadOnlyList<AssignableOption> options = OptionAssignment.List(strategy.Defaults);
        if (options.Count == 0) return;
        terminal.Output.WriteLine();
        Grid table = new Grid().AddColumn(Fixed()).AddColumn(Fixed()).AddColumn();
        table.AddRow(new Text("option"), new Text("default"), new Text("what it does"));
        foreach (AssignableOption option in options) table.AddRow(new Text(option.Name), new Text(option.Value), new Text(StrategyPage.Meaning(option)));
        terminal.Print(table);
    }

    private static IEnumerable<(string Label, string Value)> Facts(StrategyDescription strategy)
    {
        yield return ("name", strategy.Name);
        yield return ("title", strategy.Title);
        yield return ("does", strategy.Summary);
        yield return ("rule", strategy.Rule);
        yield return ("source", strategy.Source);
        yield return ("needs", NeedsText.Full(strategy.Needs));
        yield return ("cost", $"{strategy.Cost} (a joint step is 1)");
        yield return ("heads", strategy.Heads);
    }

    private static GridColumn Fixed() => new GridColumn().NoWrap().PadRight(2);

    private static JsonObject Summarise(StrategyDescription strategy) => new()
    {
        ["name"] = strategy.Name,
        ["title"] = strategy.Title,
        ["needs"] = Formats.KebabCase(strategy.Needs.ToString()),
        ["summary"] = strategy.Summary,
    };

    private static JsonObject Describe(StrategyDescription strategy)
    {
        JsonObject document = Summarise(strategy);
        document["rule"] = strategy.Rule;
        document["source"] = strategy.Source;
        document["cost"] = strategy.Cost;
        document["heads"] = strategy.Heads;
        document["options"] = new JsonArray([.. OptionAssignment.List(strategy.Defaults).Select(option => (JsonNode?)new JsonObject
        {
            ["name"] = option.Name,
            ["default"] = option.Json,
            ["expected"] = option.Expected,
            ["text"] = option.Text,
        })]);
        return document;
    }
}
