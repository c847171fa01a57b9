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
    private const int ShortestName = 8;

    /// <summary>Prints scores, costs, affinity, groups and the verdict.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="result">The pilot.</param>
    /// <param name="path">Its folder.</param>
    public static void Print(Terminal terminal, PilotResult result, string path)
    {
        string report = Path.Combine(path, PilotFolder.ReportFile);
        bool many = result.Contestants.Count > PilotTables.FewContestants;
        IReadOnlyList<PilotContestant> shown = many ? PilotTables.Leaders(result, PilotTables.FewContestants) : result.Contestants;
        if (many) Print(terminal, PilotTables.Ranking(result));
        ReportTable scores = WithoutMetricColumn(PilotTables.Scores(result, shown));
        // The last row is delta-m, which must be seen.
        int hidden = result.Tasks.Count - MostTasks;
        Print(terminal, hidden <= 0 ? scores : scores with { Rows = [.. scores.Rows.Take(MostTasks), scores.Rows[^1]] });
        if (hidden > 0) terminal.Output.WriteLine($"... and {hidden} more tasks in {report}");
        if (many) terminal.Output.WriteLine($"... and {result.Contestants.Count - shown.Count} more contestants in {report}");
        else Print(terminal, PilotTables.Cost(result));
        foreach (PilotContestant contestant in result.Contestants) PrintAffinity(terminal, result, contestant, report);
        PrintGroups(terminal, result, report);
        if (PilotTables.Gradients(result) is { } gradients) Print(terminal, gradients);
        terminal.Output.WriteLine();
        terminal.Print(result.Verdict.Headline);
        foreach (string reason in result.Verdict.Reasons) terminal.Print($"- {reason}", indent: 2);
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
                terminal.Print($"seed {run.Seed}: {GroupText.Of(TaskGroups.Of(run.FinalGroups!, allowOverlap: true), names, 200)}", indent: 2);
            if (runs.Length > MostSeeds) terminal.Output.WriteLine($"  ... and {runs.Length - MostSeeds} more seeds in {report}");
        }
    }

    // One column less, so that four contestants fit into 80 columns.
    private static ReportTable WithoutMetricColumn(ReportTable scores)
    {
        string[] metrics = [.. scores.Rows.SkipLast(1).Select(row => row[1].Text).Distinct()];
        string title = metrics.Length == 1 ? $"{scores.Title}; {metrics[0]}" : scores.Title;
        return new ReportTable(
            title,
            [scores.Columns[0], .. scores.Columns.Skip(2)],
            [.. scores.Rows.Select((row, index) => (IReadOnlyList<ReportCell>)
                [metrics.Length == 1 && index < scores.Rows.Count - 1 ? row[0] : $"{row[0].Text}, {row[1].Text}", .. row.Skip(2)])]);
    }

    private static void Print(Terminal terminal, ReportTable report)
    {
        string[][] cells = [.. report.Rows.Select(row => row.Select(cell => cell.IsBest ? $"{cell.Text} *" : cell.Text).ToArray())];
        int others = Enumerable.Range(1, report.Columns.Count - 1)
            .Sum(column => 2 + Math.Max(cells.Max(row => row[column].Length), report.Columns[column].Split(' ').Max(word => word.Length)));
        int first = Math.Max(ShortestName, terminal.Width - others - 3);
        Table table = Tables.Create(report.Columns[0], report.Columns.Skip(1));
        foreach (string[] row in cells) table.AddRow([new Text(Tables.Shorten(row[0], first)), .. row.Skip(1).Select(cell => new Text(cell))]);
        terminal.Print($"{report.Title}:");
        terminal.Print(table);
    }
}
