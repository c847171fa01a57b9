using System.Text;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>Which task was in which group over the batches: one panel per run, one line per task, one colour per group.
/// A task in several groups has the colour of the smallest.</summary>
internal static class GroupHistoryPlot
{
    private const double Width = 320;
    private const int MaximumLabels = 24;

    /// <summary>Over all columns and rows of one panel; keeps a report of many tasks and seeds small.</summary>
    private const int MaximumCells = 6000;

    public static void Write(HtmlWriter html, PilotResult result, PilotContestant contestant)
    {
        int[] order = TaskOrder.ByGroups(contestant, result.Tasks.Count);
        html.Open("div", ("class", "multiples"));
        foreach (PilotRun run in contestant.Runs.Where(run => run.GroupHistory.Count > 0))
        {
            html.Open("figure").Element("figcaption",
                $"Seed {run.Seed}: {Plural(run.GroupChanges, "change")}, {Plural(run.FinalGroups?.Length ?? 0, "group")} at the end");
            Panel(html, result, run, order);
            html.Close("figure");
        }

        html.Close("div");
    }

    private static void Panel(HtmlWriter html, PilotResult result, PilotRun run, int[] order)
    {
        int tasks = order.Length;
        bool labels = tasks <= MaximumLabels;
        double left = labels ? 92 : 6;
        double rowHeight = labels ? 15 : Math.Max(2, 300.0 / tasks);
        double height = tasks * rowHeight + 26;
        int columns = Math.Clamp(MaximumCells / tasks, 24, 120);
        html.Open("svg", ("viewBox", $"0 0 {Width} {HtmlWriter.Coordinate(height)}"), ("role", "img"), ("aria-label", $"Task groups over batches, seed {run.Seed}"));
        int[][] colours = GroupColours.OverTime(Columns(run, columns), tasks);
        foreach ((int colour, StringBuilder path) in Paths(colours, order, left, rowHeight))
        {
            html.Empty("path", ("d", path.ToString()),
                ("class", colour == GroupColours.Alone ? "alone" : "cell " + ReportStyle.Colour(colour + 1)));
        }

        if (labels)
        {
            for (int row = 0; row < tasks; row++)
            {
                html.Element("text", AffinityHeatMap.Shorten(result.Tasks[order[row]].Name, 15),
                    ("x", HtmlWriter.Coordinate(left - 5)), ("y", HtmlWriter.Coordinate(row * rowHeight + 11)), ("text-anchor", "end"));
            }
        }

        html.Element("text", "batch 0", ("x", HtmlWriter.Coordinate(left)), ("y", HtmlWriter.Coordinate(height - 9)));
        html.Element("text", ReportNumber.Count(run.Batches), ("x", $"{Width - 6}"), ("y", HtmlWriter.Coordinate(height - 9)), ("text-anchor", "end"));
        html.Close("svg");
    }

    /// <summary>The groups at evenly spaced batches.</summary>
    private static int[][][] Columns(PilotRun run, int columns)
    {
        var groups = new int[columns][][];
        int snapshot = 0;
        for (int column = 0; column < columns; column++)
        {
            double batch = (column + 0.5) * Math.Max(1, run.Batches) / columns;
            while (snapshot + 1 < run.GroupHistory.Count && run.GroupHistory[snapshot + 1].Batch <= batch)
                snapshot++;
            groups[column] = run.GroupHistory[snapshot].Groups;
        }

        return groups;
    }

    /// <summary>One path per colour, equal neighbours of a row joined.</summary>
    private static SortedDictionary<int, StringBuilder> Paths(int[][] colours, int[] order, double left, double rowHeight)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        double columnWidth = (Width - 6 - left) / colours.Length;
        string cellHeight = HtmlWriter.Coordinate(rowHeight > 6 ? rowHeight - 2 : rowHeight);
        for (int row = 0; row < order.Length; row++)
        {
            int column = 0;
            while (column < colours.Length)
            {
                int colour = colours[column][order[row]];
                int end = column + 1;
                while (end < colours.Length && colours[end][order[row]] == colour)
                    end++;
                if (!paths.TryGetValue(colour, out StringBuilder? path)) paths.Add(colour, path = new StringBuilder());
                string width = HtmlWriter.Coordinate((end - column) * columnWidth);
                path.Append($"M{HtmlWriter.Coordinate(left + column * columnWidth)} {HtmlWriter.Coordinate(row * rowHeight)}h{width}v{cellHeight}h-{width}z");
                column = end;
            }
        }

        return paths;
    }

    private static string Plural(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
