using System.Globalization;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>Losses over the epochs as small multiples.</summary>
internal static class LearningCurvePlot
{
    private const double Width = 320, Height = 190, Left = 44, Right = 8, Top = 8, Bottom = 26;

    /// <summary>One panel per contestant, one pair of lines (training dashed, validation solid) per seed; all panels share
    /// the loss axis.</summary>
    public static void WriteContestants(HtmlWriter html, PilotResult result)
    {
        AxisScale losses = AxisScale.ForLosses(
            result.Contestants.SelectMany(contestant => contestant.Runs.SelectMany(run => run.Curve.Train.Concat(run.Curve.Validation))), ticks: 4);
        html.Open("div", ("class", "multiples"));
        for (int index = 0; index < result.Contestants.Count; index++)
        {
            PilotContestant contestant = result.Contestants[index];
            AxisScale epochs = Epochs(contestant.Runs.Select(run => run.Curve));
            html.Open("figure", ("class", ReportStyle.Colour(index))).Element("figcaption", contestant.Title);
            OpenPanel(html, epochs, losses, "Training and validation loss of " + contestant.Title);
            foreach (PilotRun run in contestant.Runs)
            {
                Line(html, "line train", run.Curve.Epochs, run.Curve.Train, epochs, losses);
                Line(html, "line", run.Curve.Epochs, run.Curve.Validation, epochs, losses);
            }

            html.Close("svg").Close("figure");
        }

        html.Close("div");
    }

    /// <summary>One panel per task with the validation loss of contestants in the first seed; nothing where there are
    /// too many tasks for curves of their own. A contestant's colour is that of its place in the list.</summary>
    public static bool WriteTasks(HtmlWriter html, PilotResult result, IReadOnlyList<PilotContestant> shown)
    {
        (int Index, LearningCurve Curve)[] curves = [.. shown
            .Select((contestant, index) => (contestant, index))
            .Where(pair => pair.contestant.Runs.Count > 0 && pair.contestant.Runs[0].Curve is { TaskValidation: not null, Epochs.Count: > 0 })
            .Select(pair => (pair.index, pair.contestant.Runs[0].Curve))];
        if (curves.Length == 0) return false;
        AxisScale epochs = Epochs(curves.Select(pair => pair.Curve));
        html.Open("div", ("class", "multiples"));
        for (int task = 0; task < result.Tasks.Count; task++)
        {
            AxisScale losses = AxisScale.ForLosses(curves.SelectMany(pair => pair.Curve.TaskValidation![task]), ticks: 4);
            html.Open("figure").Element("figcaption", result.Tasks[task].Name);
            OpenPanel(html, epochs, losses, "Validation loss of " + result.Tasks[task].Name);
            foreach ((int index, LearningCurve curve) in curves)
            {
                html.Open("g", ("class", ReportStyle.Colour(index)));
                Line(html, "line", curve.Epochs, curve.TaskValidation![task], epochs, losses);
                html.Close("g");
            }

            html.Close("svg").Close("figure");
        }

        html.Close("div");
        return true;
    }

    private static AxisScale Epochs(IEnumerable<LearningCurve> curves) =>
        AxisScale.Linear([0, .. curves.Select(curve => curve.Epochs.Count == 0 ? 1.0 : curve.Epochs[^1])], ticks: 4);

    private static void OpenPanel(HtmlWriter html, AxisScale epochs, AxisScale losses, string label)
    {
        html.Open("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", label));
        foreach (double tick in losses.Ticks)
        {
            double y = Y(losses, tick);
            html.Empty("path", ("class", "grid"), ("d", $"M{Left} {HtmlWriter.Coordinate(y)}H{Width - Right}"));
            html.Element("text", tick.ToString("0.#####", CultureInfo.InvariantCulture),
                ("x", $"{Left - 5}"), ("y", HtmlWriter.Coordinate(y + 4)), ("text-anchor", "end"));
        }

        foreach (double tick in epochs.Ticks)
        {
            html.Element("text", tick.ToString("0.#", CultureInfo.InvariantCulture),
                ("x", HtmlWriter.Coordinate(X(epochs, tick))), ("y", $"{Height - 10}"), ("text-anchor", epochs.Position(tick) > 0.97 ? "end" : "middle"));
        }
    }

    private static void Line(
        HtmlWriter html, string kind, IReadOnlyList<int> epochs, IReadOnlyList<double> losses, AxisScale horizontal, AxisScale vertical)
    {
        var path = new System.Text.StringBuilder();
        bool pen = false;
        for (int i = 0; i < losses.Count; i++)
        {
            if (!double.IsFinite(losses[i]))
            {
                pen = false;
                continue;
            }

            path.Append(pen ? 'L' : 'M').Append(HtmlWriter.Coordinate(X(horizontal, epochs[i]))).Append(' ')
                .Append(HtmlWriter.Coordinate(Y(vertical, losses[i])));
            pen = true;
        }

        if (path.Length > 0) html.Empty("path", ("class", kind), ("d", path.ToString()));
    }

    private static double X(AxisScale epochs, double epoch) => Left + epochs.Position(epoch) * (Width - Left - Right);

    private static double Y(AxisScale losses, double loss) => Height - Bottom - losses.Position(loss) * (Height - Top - Bottom);
}
