using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Output;

/// <summary>The strategies in Markdown: the part of docs/strategies.md that follows from the list of strategies.</summary>
internal static class StrategyPage
{
    /// <summary>A table of all, then what each does and which options it has.</summary>
    public static void Write(TextWriter writer)
    {
        writer.WriteLine("| name | title | needs | what it does |");
        writer.WriteLine("|---|---|---|---|");
        foreach (StrategyDescription entry in StrategyCatalog.All)
            writer.WriteLine($"| [`{entry.Name}`](#{entry.Name}) | {Cell(entry.Title)} | {NeedsText.Short(entry.Needs)} | {Cell(entry.Summary)} |");
        foreach (StrategyDescription entry in StrategyCatalog.All) Write(writer, entry);
        writer.WriteLine();
        writer.WriteLine("### Options that several strategies have");
        writer.WriteLine();
        var common = StrategyCatalog.All.SelectMany(entry => Common(entry).Select(option => (Strategy: entry.Name, Option: option)));
        foreach (var ofOneName in common.GroupBy(pair => pair.Option.Name)) writer.WriteLine(Line(WithDefaults([.. ofOneName])));
    }

    /// <summary>What all or most of the options say, with the defaults that are others.</summary>
    private static AssignableOption WithDefaults((string Strategy, AssignableOption Option)[] all)
    {
        AssignableOption usual = all.GroupBy(pair => pair.Option.Value).MaxBy(same => same.Count())!.First().Option;
        IEnumerable<string> others = all.Where(pair => pair.Option.Value != usual.Value).Select(pair => $"{pair.Option.Value} for {pair.Strategy}");
        return usual with { Value = string.Join("; ", others.Prepend(usual.Value)) };
    }

    /// <summary>What an option does, with the words it may take.</summary>
    public static string Meaning(AssignableOption option) =>
        option.Choices.Count == 0 ? option.Text : $"{option.Text}: {string.Join(", ", option.Choices)}";

    private static void Write(TextWriter writer, StrategyDescription entry)
    {
        writer.WriteLine();
        writer.WriteLine($"### {entry.Name}");
        writer.WriteLine();
        writer.WriteLine($"{entry.Title}: {entry.Summary}. {entry.Source}.");
        writer.WriteLine();
        writer.WriteLine($"- Rule: `{entry.Rule}`");
        writer.WriteLine($"- Needs {NeedsText.Full(entry.Needs)}");
        writer.WriteLine($"- Cost of a batch, joint training being 1: {entry.Cost}");
        writer.WriteLine($"- Heads: {entry.Heads}");
        foreach (AssignableOption option in OptionAssignment.List(entry.Defaults).Where(option => option.IsOwn)) writer.WriteLine(Line(option));
        string[] common = [.. Common(entry).Select(option => $"`{option.Name}`")];
        if (common.Length > 0) writer.WriteLine($"- Also {string.Join(", ", common)}");
    }

    private static IEnumerable<AssignableOption> Common(StrategyDescription entry) => OptionAssignment.List(entry.Defaults).Where(option => !option.IsOwn);

    private static string Line(AssignableOption option) => $"- `{option.Name}` ({option.Value}): {Meaning(option)}";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
