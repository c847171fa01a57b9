using System.Globalization;
using System.Text;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>
/// Gain of every task over its single-task network, mean over the seeds: a row per task where there are few, a table
/// in colours where there are few tasks and many contestants, a sorted profile per contestant where there are many tasks.
/// </summary>
internal static class GainPlot
{
    private const int MaximumRows = 24;
    private const double Width = 320, Height = 170, Left = 44, Right = 8, Top = 8, Bottom = 24;

    /// <summary>Draws the plot; false when no gain is known.</summary>
    public static bool Write(HtmlWriter html, PilotResult result)
    {
        (PilotContestant Contestant, int Index)[] shown = [.. result.Contestants
            .Select((contestant, index) => (contestant, index))
            .Where(pair => pair.contestant.Id != PilotContestant.SingleTask && pair.contestant.Gains.Any(gain => double.IsFinite(gain.Mean)))];
        if (shown.Length == 0) return false;
        double[] gains = [.. shown.SelectMany(pair => pair.Contestant.Gains.Select(gain => gain.Mean)).Where(double.IsFinite)];
        if (result.Tasks.Count <= MaximumRows && result.Contestants.Count > PilotTables.FewContestants)
            GainTable.Write(html, result);
        else if (result.Tasks.Count <= MaximumRows)
            Rows(html, result, shown, AxisScale.Linear([0, .. gains], ticks: 4));
        else
            Profiles(html, shown, Clipped(gains));
        return true;
    }

    private static void Rows(HtmlWriter html, PilotResult result, (PilotContestant Contestant, int Index)[] shown, AxisScale scale)
    {
        html.Open("ul", ("class", "legend"));
        foreach ((PilotContestant contestant, int index) in shown)
            html.Open("li").Open("i", ("class", "box " + ReportStyle.Colour(index))).Close("i").Text(contestant.Title).Close("li");
        html.Close("ul").Open("div", ("class", "plot"));
        for (int task = 0; task < result.Tasks.Count; task++)
        {
            Track.Open(html, result.Tasks[task].Name, scale);
            foreach ((PilotContestant contestant, int index) in shown)
                if (double.IsFinite(contestant.Gains[task].Mean))
                    Track.Mark(html, "mean", ReportStyle.Colour(index), scale.Position(contestant.Gains[task].Mean));
            Track.Close(html, ReportNumber.Signed(shown[^1].Contestant.Gains[task].Mean) + " %");
        }

        Track.Axis(html, scale);
        html.Close("div").Element("p", $"The number on the right is that of {shown[^1].Contestant.Title}.", ("class", "sub"));
    }

    /// <summary>An axis on which one wild task does not flatten all others: bars beyond it are cut.</summary>
    private static AxisScale Clipped(double[] gains)
    {
        double[] sizes = [.. gains.Select(Math.Abs).Order()];
        double limit = 4 * sizes[sizes.Length * 9 / 10];
        return AxisScale.Linear([0, .. gains.Select(gain => Math.Clamp(gain, -limit, limit))], ticks: 4);
    }

    private static void Profiles(HtmlWriter html, (PilotContestant Contestant, int Index)[] shown, AxisScale scale)
    {
        html.Open("div", ("class", "multiples"));
        foreach ((PilotContestant contestant, int index) in shown)
        {
            double[] gains = [.. contestant.Gains.Select(gain => gain.Mean).Where(double.IsFinite).Order()];
            html.Open("figure", ("class", ReportStyle.Colour(index))).Element("figcaption",
                $"{contestant.Title}: {gains.Count(gain => gain > 0)} of {gains.Length} tasks better");
            html.Open("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", "Gains of all tasks, sorted, " + contestant.Title));
            foreach (double tick in scale.Ticks)
            {
                string y = HtmlWriter.Coordinate(Y(scale, tick));
                html.Empty("path", ("class", "grid"), ("d", $"M{Left} {y}H{Width - Right}"));
                html.Element("text", tick.ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture) + " %",
                    ("x", $"{Left - 5}"), ("y", HtmlWriter.Coordinate(Y(scale, tick) + 4)), ("text-anchor", "end"));
            }

            html.Empty("path", ("class", "cell"), ("d", Bars(gains, scale)));
            html.Element("text", "all tasks, sorted; very large bars are cut", ("x", $"{Left}"), ("y", $"{Height - 6}")).Close("svg").Close("figure");
        }

        html.Close("div");
    }

    private static string Bars(double[] gains, AxisScale scale)
    {
        var path = new StringBuilder();
        double width = (Width - Left - Right) / gains.Length;
        double zero = Y(scale, 0);
        for (int i = 0; i < gains.Length; i++)
        {
            string x = HtmlWriter.Coordinate(Left + i * width);
            string end = HtmlWriter.Coordinate(Left + (i + 0.9) * width);
            path.Append($"M{x} {HtmlWriter.Coordinate(zero)}V{HtmlWriter.Coordinate(Y(scale, gains[i]))}H{end}V{HtmlWriter.Coordinate(zero)}z");
        }

        return path.ToString();
    }

    private static double Y(AxisScale scale, double gain) => Height - Bottom - scale.Position(gain) * (Height - Top - Bottom);
}
