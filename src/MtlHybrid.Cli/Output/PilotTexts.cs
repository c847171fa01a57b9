using MtlHybrid.Grouping;
using MtlHybrid.Pilot;
using MtlHybrid.Reporting;
using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>What a pilot found, in a terminal.</summary>
internal static class PilotTexts
{
    private const int MostTasks = 20;
    // What fits into 80 columns.
    private const int MostAffinityTasks = 8;
    private const int MostSeeds = 5;

    /// <summary>Prints scores, costs, affinity, groups and the verdict.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="result">The pilot.</param>
    /// <param name="path">Its folder.</param>
    public static void Print(Terminal terminal, PilotResult result, string path)
    {
        string report = Path.Combine(path, PilotFolder.ReportFile);
        ReportTable scores = PilotTables.Scores(result);
        // The last row is delta-m, which must be seen.
        int hidden = result.Tasks.Count - MostTasks;
        Print(terminal, hidden <= 0 ? scores : scores with { Rows = [.. scores.Rows.Take(MostTasks), scores.Rows[^1]] });
        if (hidden > 0) terminal.Output.WriteLine($"... and {hidden} more tasks in {report}");
        Print(terminal, PilotTables.Cost(result));
        foreach (PilotContestant contestant in result.Contestants) PrintAffinity(terminal, result, contestant, report);
        PrintGroups(terminal, result, report);
        terminal.Output.WriteLine();
        terminal.Print(new Text(result.Verdict.Headline, new Style(decoration: Decoration.Bold)));
        foreach (string reason in result.Verdict.Reasons) terminal.Print(new Padder(new Text($"- {reason}"), new Padding(2, 0, 0, 0)));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"report: {report}");
    }

    private static void PrintAffinity(Terminal terminal, PilotResult result, PilotContestant contestant, string report)
    {
        if (contestant.Affinity is null) return;
        if (result.Tasks.Count <= MostAffinityTasks && PilotTables.Affinity(result, contestant, out _) is { } table) Print(terminal, table);
        else terminal.Output.WriteLine($"affinity of {result.Tasks.Count} tasks: in {report}");
    }

    private static void PrintGroups(Terminal terminal, PilotResult result, string report)
    {
        string[] names = [.. result.Tasks.Select(task => task.Name)];
        foreach (PilotContestant contestant in result.Contestants)
        {
            PilotRun[] runs = [.. contestant.Runs.Where(run => run.FinalGroups is not null)];
            if (runs.Length == 0 || !contestant.IsCandidate) continue;
            terminal.Output.WriteLine($"Final groups of {contestant.Title}:");
            foreach (PilotRun run in runs.Take(MostSeeds))
                terminal.Print(new Padder(new Text($"seed {run.Seed}: {GroupText.Of(TaskGroups.Of(run.FinalGroups!), names, 200)}"), new Padding(2, 0, 0, 0)));
            if (runs.Length > MostSeeds) terminal.Output.WriteLine($"  ... and {runs.Length - MostSeeds} more seeds in {report}");
        }
    }

    private static void Print(Terminal terminal, ReportTable report)
    {
        Table table = Tables.Create(report.Columns[0], report.Columns.Skip(1));
        foreach (IReadOnlyList<ReportCell> row in report.Rows)
            table.AddRow(row.Select(cell => new Text(cell.IsBest ? $"{cell.Text} *" : cell.Text, new Style(decoration: cell.IsBest ? Decoration.Bold : Decoration.None))));
        terminal.Print(new Text(report.Title + ":"));
        terminal.Print(table);
        terminal.Output.WriteLine();
    }
}
