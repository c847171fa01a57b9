using System.Globalization;
using System.Text;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>
/// The affinity matrix in colours: a table with numbers for few tasks, a picture for many. Blue: the step on the row's task
/// lowered the loss of the column's task; orange: it raised it. The scale is that of the values off the diagonal, outliers aside.
/// </summary>
internal static class AffinityHeatMap
{
    private const int MaximumLabels = 60;

    public static void Write(HtmlWriter html, PilotResult result, PilotContestant contestant)
    {
        double[][] affinity = contestant.Affinity!;
        int[] order = TaskOrder.ByGroups(contestant, affinity.Length);
        double largest = PilotTables.TypicalLargest(affinity);
        int exponent = PilotTables.Exponent(affinity);
        html.Open("p", ("class", "sub"))
            .Text("Rows: the task whose group was updated. Columns: the task that gained (blue) or lost (orange). ")
            .Text($"Values are the share of the column's loss removed by one step, in units of 1e{exponent}; the colours end at ±")
            .Text(ReportNumber.Plain(largest / Math.Pow(10, exponent))).Text(".").Close("p");
        html.Open("ul", ("class", "legend")).Raw("<li>hurts <span class=\"ramp\"></span> helps</li>").Close("ul");
        if (affinity.Length <= PilotTables.MaximumAffinityTasks)
            HeatTable.Write(html, "step on \\ effect on", order.Select(task => result.Tasks[task].Name),
                order.Select(source => (result.Tasks[source].Name, order.Select(target => affinity[source][target]))), largest,
                value => PilotTables.AffinityText(value, Math.Pow(10, exponent)));
        else
            WritePicture(html, result, contestant, affinity, order, largest);
    }

    private static void WritePicture(
        HtmlWriter html, PilotResult result, PilotContestant contestant, double[][] affinity, int[] order, double largest)
    {
        int tasks = order.Length;
        bool labels = tasks <= MaximumLabels;
        int cell = labels ? 14 : 4;
        int margin = labels ? 110 : 0;
        int size = margin + tasks * cell;
        // With labels the picture keeps its size and scrolls in its box; without, it shrinks with the page.
        html.Open("div", ("class", "scroll")).Open("svg", ("viewBox", $"0 0 {size} {size}"), ("role", "img"),
            ("aria-label", "Affinity matrix of " + contestant.Title),
            ("style", labels ? $"width:{size}px" : $"max-width:{Math.Max(size, 480)}px"));
        foreach ((int level, StringBuilder path) in Paths(affinity, order, largest, cell, margin))
        {
            html.Empty("path", ("class", level < 0 ? "n" : "p"), ("d", path.ToString()),
                ("fill-opacity", (0.9 * Math.Abs(level) / HeatColour.Levels).ToString("0.##", CultureInfo.InvariantCulture)));
        }

        if (labels)
        {
            for (int i = 0; i < tasks; i++)
                Label(html, Shorten(result.Tasks[order[i]].Name, 17), margin, margin + i * cell + cell / 2 + 3);
        }

        html.Empty("path", ("class", "edge"), ("d", Edges(contestant, cell, margin, order)));
        html.Close("svg").Close("div");
    }

    private static void Label(HtmlWriter html, string name, int margin, int middle)
    {
        html.Element("text", name, ("x", $"{margin - 5}"), ("y", $"{middle}"), ("text-anchor", "end"));
        html.Element("text", name, ("transform", $"translate({middle} {margin - 5}) rotate(-90)"));
    }

    /// <summary>One path per colour level, neighbouring cells of a row joined.</summary>
    private static SortedDictionary<int, StringBuilder> Paths(double[][] affinity, int[] order, double largest, int cell, int margin)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        for (int row = 0; row < order.Length; row++)
        {
            int column = 0;
            while (column < order.Length)
            {
                int level = HeatColour.Level(affinity[order[row]][order[column]], largest);
                int end = column + 1;
                while (end < order.Length && HeatColour.Level(affinity[order[row]][order[end]], largest) == level)
                    end++;
                if (level != 0)
                {
                    if (!paths.TryGetValue(level, out StringBuilder? path)) paths.Add(level, path = new StringBuilder());
                    path.Append($"M{margin + column * cell} {margin + row * cell}h{(end - column) * cell}v{cell}h-{(end - column) * cell}z");
                }

                column = end;
            }
        }

        return paths;
    }

    /// <summary>The outer frame and a square around every group of at least two whose members stand side by side, as all do that
    /// share no task with another group.</summary>
    private static string Edges(PilotContestant contestant, int cell, int margin, int[] order)
    {
        var path = new StringBuilder();
        Square(path, margin, order.Length * cell);
        foreach (int[] group in TaskOrder.Groups(contestant) ?? [])
        {
            int[] places = [.. group.Select(task => Array.IndexOf(order, task))];
            int first = places.Min();
            if (group.Length > 1 && places.Max() - first == group.Length - 1) Square(path, margin + first * cell, group.Length * cell);
        }

        return path.ToString();
    }

    private static void Square(StringBuilder path, int at, int side) => path.Append($"M{at} {at}h{side}v{side}h-{side}z");

    internal static string Shorten(string name, int characters) => name.Length <= characters ? name : name[..(characters - 1)] + "…";
}
