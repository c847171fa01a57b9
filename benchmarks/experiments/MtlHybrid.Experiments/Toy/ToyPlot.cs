using System.Globalization;
using System.Text;

namespace MtlHybrid.Experiments.Toy;

/// <summary>One small plane per method: contours of the mean loss, the front, and the way from every start. A stand-alone SVG
/// file that reads on light and on dark ground.</summary>
internal sealed class ToyPlot(ToySetting setting, ParetoFront front)
{
    private const int Columns = 6, Cells = 110;
    private const double Edge = 11, Side = 168, Gap = 12, Left = 40, Top = 96, Bottom = 34, TitleHeight = 26;

    // Points closer than this on the page are one.
    private const double Resolution = 1.2;

    // Contrast of at least 3 to 1 with white and with near-black.
    private static readonly string[] Colours = ["#1f78c8", "#d9541e", "#2a9358", "#8d5fd3", "#a07800"];

    private readonly StringBuilder _svg = new();

    /// <summary>The file's text.</summary>
    public string Draw(IReadOnlyList<ToyTrajectory> trajectories)
    {
        IGrouping<ToyMethod, ToyTrajectory>[] methods = [.. trajectories.GroupBy(trajectory => trajectory.Method)];
        int rows = (methods.Length + Columns - 1) / Columns;
        double width = Left + Columns * (Side + Gap), height = Top + rows * (Side + TitleHeight) + Bottom;
        string title = $"Two-task toy problem. {setting.Title}: {setting.Steps.ToString("N0", CultureInfo.InvariantCulture)} steps of Adam";
        Add($$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}" role="img" aria-label="{{title}}">
            <style>
            .paper{fill:#fff}text{font:12px system-ui,sans-serif;fill:#1c2430}.title{font-size:16px;font-weight:600}.name{font-size:13px;font-weight:600}
            .frame{fill:none;stroke:#aab2bd}.contour{fill:none;stroke:#c9d0d9;stroke-width:.8}.front{fill:none;stroke:#7b8593;stroke-width:5;stroke-linecap:round}
            .way{fill:none;stroke-width:1.8;stroke-linejoin:round}.cross{fill:none;stroke-width:2.4}.mark{fill:none;stroke:#1c2430;stroke-width:1.6}
            @media(prefers-color-scheme:dark){.paper{fill:#161b22}text{fill:#e6eaf0}.frame{stroke:#59626e}.contour{stroke:#3a434f}.mark{stroke:#e6eaf0} }
            </style>
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="{{Left}}" y="26">{{title}}</text>

            """);
        Legend();
        Ground();
        foreach ((int index, IGrouping<ToyMethod, ToyTrajectory> runs) in methods.Index())
        {
            int column = index % Columns, row = index / Columns;
            bool isLowest = index + Columns >= methods.Length;
            Add($"<g transform=\"translate({Number(Left + column * (Side + Gap))} {Number(Top + row * (Side + TitleHeight) + TitleHeight)})\">\n");
            Panel(runs.Key, [.. runs], hasLeftLabels: column == 0, hasLowerLabels: isLowest);
            Add($"</g>\n");
        }

        return _svg.Append("</svg>\n").ToString();
    }

    private void Legend()
    {
        double x = Left;
        foreach ((int index, (double x1, double x2)) in ToySetting.Starts.Index())
        {
            Add($"<circle cx=\"{Number(x + 5)}\" cy=\"48\" r=\"5\" fill=\"{Colours[index]}\"/>");
            x = Text($"start ({Label(x1)}, {Label(x2)})", x + 15, 52);
        }

        x = Left;
        Add($"<path class=\"front\" d=\"M{x + 3} 72h22\"/>");
        x = Text("Pareto front", x + 34, 76);
        Add($"<circle class=\"mark\" cx=\"{Number(x + 6)}\" cy=\"72\" r=\"5\"/>");
        x = Text("ends at the front", x + 17, 76);
        Add($"<path class=\"mark\" d=\"{Cross(x + 6, 72)}\"/>");
        x = Text("ends elsewhere", x + 17, 76);
        Add($"<path class=\"contour\" d=\"M{Number(x)} 72h24\"/>");
        x = Text("mean of the losses", x + 30, 76);
        Text("3 + 1: runs at the front, in its middle half + elsewhere on it", x, 76);
    }

    /// <summary>What all panels have beneath the runs.</summary>
    private void Ground()
    {
        var problem = new ToyProblem(setting.FirstScale);
        double[] losses = new double[2];
        double[,] heights = new double[Cells + 1, Cells + 1];
        for (int column = 0; column <= Cells; column++)
        {
            for (int row = 0; row <= Cells; row++)
            {
                problem.Measure((2.0 * column / Cells - 1) * Edge, (2.0 * row / Cells - 1) * Edge, losses);
                heights[column, row] = (losses[0] + losses[1]) / 2;
            }
        }

        double low = heights.Cast<double>().Min(), high = heights.Cast<double>().Max();
        var lines = new ContourLines(heights);
        Add($"<defs><clipPath id=\"plane\"><rect width=\"{Side}\" height=\"{Side}\"/></clipPath><g id=\"ground\">\n<path class=\"contour\" d=\"");
        for (int level = 1; level < 12; level++)
            foreach (IReadOnlyList<(double Column, double Row)> chain in lines.At(low + (high - low) * level / 12))
                Add($"{Path(chain.Select(point => (point.Column * Side / Cells, Side - point.Row * Side / Cells)), 0)}");
        Add($"\"/>\n<path class=\"front\" d=\"{Path(front.Points.Select(Place), 20)}\"/>\n</g></defs>\n");
    }

    private void Panel(ToyMethod method, ToyTrajectory[] runs, bool hasLeftLabels, bool hasLowerLabels)
    {
        int balanced = runs.Count(run => run.IsBalanced), reached = runs.Count(run => run.Reaches);
        Add($"<text class=\"name\" x=\"0\" y=\"-6\">{method.Name}</text>");
        Add($"<text x=\"{Side}\" y=\"-6\" text-anchor=\"end\">{balanced} + {reached - balanced}</text>\n");
        Add($"<use href=\"#ground\"/><rect class=\"frame\" width=\"{Side}\" height=\"{Side}\"/><g clip-path=\"url(#plane)\">\n");
        foreach (ToyTrajectory run in runs)
        {
            string colour = Colours[run.Start];
            Add($"<path class=\"way\" stroke=\"{colour}\" d=\"{Path(run.Points.Select(Place), Resolution)}\"/>\n");
        }

        foreach (ToyTrajectory run in runs)
        {
            string colour = Colours[run.Start];
            (double startX, double startY) = Place(run.Points[0]);
            (double endX, double endY) = Place(run.End);
            Add($"<circle cx=\"{Number(startX)}\" cy=\"{Number(startY)}\" r=\"3.5\" fill=\"{colour}\"/>");
            if (run.Reaches) Add($"<circle class=\"cross\" stroke=\"{colour}\" cx=\"{Number(endX)}\" cy=\"{Number(endY)}\" r=\"{Number(3.5 + 0.9 * run.Start)}\"/>\n");
            else Add($"<path class=\"cross\" stroke=\"{colour}\" d=\"{Cross(endX, endY)}\"/>\n");
        }

        Add($"</g>");
        foreach (int tick in (int[])[-10, 0, 10])
        {
            (double x, double y) = Place((tick, tick));
            if (hasLeftLabels) Add($"<text x=\"-6\" y=\"{Number(y + 4)}\" text-anchor=\"end\">{Label(tick)}</text>");
            if (hasLowerLabels) Add($"<text x=\"{Number(x)}\" y=\"{Side + 15}\" text-anchor=\"middle\">{Label(tick)}</text>");
        }

        Add($"\n");
    }

    private static (double X, double Y) Place((double X1, double X2) point) =>
        ((point.X1 + Edge) / (2 * Edge) * Side, (Edge - point.X2) / (2 * Edge) * Side);

    private static string Cross(double x, double y) => $"M{Number(x - 4)} {Number(y - 4)}l8 8m0 -8l-8 8";

    /// <summary>A line through the points, without those nearer than the distance to the one before; the last stays.</summary>
    private static string Path(IEnumerable<(double X, double Y)> points, double distance)
    {
        var path = new StringBuilder();
        (double X, double Y) last = default, skipped = default;
        bool isSkipping = false;
        foreach ((double x, double y) in points)
        {
            isSkipping = path.Length > 0 && Math.Abs(x - last.X) < distance && Math.Abs(y - last.Y) < distance;
            if (isSkipping)
            {
                skipped = (x, y);
                continue;
            }

            path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
            last = (x, y);
        }

        if (isSkipping) path.Append('L').Append(Number(skipped.X)).Append(' ').Append(Number(skipped.Y));
        return path.ToString();
    }

    /// <summary>Writes text; returns where the next entry may start.</summary>
    private double Text(string text, double x, double y)
    {
        const double Letter = 6.4, Space = 22;
        Add($"<text x=\"{Number(x)}\" y=\"{Number(y)}\">{text}</text>\n");
        return x + Letter * text.Length + Space;
    }

    private void Add(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Label(double value) => value.ToString("0.#", CultureInfo.InvariantCulture).Replace('-', '−');
}
