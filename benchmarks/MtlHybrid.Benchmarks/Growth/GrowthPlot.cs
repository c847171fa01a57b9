using System.Globalization;
using System.Text;

namespace MtlHybrid.Benchmarks.Growth;

/// <summary>Lines in a log-log plane, as a stand-alone SVG file that reads on light and on dark ground.</summary>
internal sealed class GrowthPlot
{
    private const double Width = 720, Height = 440, Left = 76, Right = 24, Top = 88, Bottom = 58;

    // Contrast of at least 3 to 1 with white and with near-black.
    private static readonly string[] Colours = ["#1f78c8", "#d9541e", "#2a9358", "#8d5fd3"];

    private readonly string _title, _horizontal, _vertical;
    private readonly List<(string Name, (double X, double Y)[] Points)> _lines = [];

    /// <summary>An empty plane.</summary>
    /// <param name="title">Above the plane.</param>
    /// <param name="horizontal">What runs along the horizontal axis; its values are powers of 2.</param>
    /// <param name="vertical">What runs along the vertical axis.</param>
    public GrowthPlot(string title, string horizontal, string vertical)
    {
        _title = title;
        _horizontal = horizontal;
        _vertical = vertical;
    }

    /// <summary>Adds a line.</summary>
    public GrowthPlot Line(string name, IEnumerable<(double X, double Y)> points)
    {
        _lines.Add((name, [.. points]));
        return this;
    }

    /// <summary>The file's text.</summary>
    public string Draw()
    {
        (double X, double Y)[] all = [.. _lines.SelectMany(line => line.Points)];
        (double left, double right) = (all.Min(point => point.X), all.Max(point => point.X));
        (double low, double high) = (all.Min(point => point.Y) / 1.3, all.Max(point => point.Y) * 1.3);
        double X(double value) => Left + Math.Log(value / left) / Math.Log(right / left) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - Math.Log(value / low) / Math.Log(high / low) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{Height}}" width="{{Width}}" height="{{Height}}" role="img" aria-label="{{_title}}">
            <style>
            .paper{fill:#fff}text{font:14px system-ui,sans-serif;fill:#1c2430}.title{font-size:16px;font-weight:600}.grid{stroke:#d5dae1}
            .fair{stroke:#7b8593;stroke-dasharray:5 5;fill:none}.line{fill:none;stroke-width:2.5}
            @media(prefers-color-scheme:dark){.paper{fill:#161b22}text{fill:#e6eaf0}.grid{stroke:#343d49} }
            </style>
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="16" y="26">{{_title}}</text>

            """);
        foreach (double tick in VerticalTicks(low, high))
            Tick(svg, $"M{Left} {Number(Y(tick))}H{Width - Right}", tick.ToString("#,0.#####", CultureInfo.InvariantCulture), Left - 8, Y(tick) + 5, "end");
        for (double tick = left; tick <= right; tick *= 2)
            Tick(svg, $"M{Number(X(tick))} {Top}V{Height - Bottom}", tick.ToString("0", CultureInfo.InvariantCulture), X(tick), Height - Bottom + 20, "middle");
        Text(svg, _horizontal, (Left + Width - Right) / 2, Height - 12, "middle");
        Text(svg, _vertical, 16, Top - 12, "start");

        // Twice the size, twice the value: the steepness every line can be held against, through the last point of the first.
        (double X, double Y) end = _lines[0].Points[^1];
        double start = Math.Max(left, end.X * low / end.Y);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"fair\" d=\"M{Number(X(start))} {Number(Y(end.Y * start / end.X))}L{Number(X(end.X))} {Number(Y(end.Y))}\"/>\n");
        double legend = Left;
        foreach ((int index, (string name, (double X, double Y)[] points)) in _lines.Index())
        {
            string colour = Colours[index % Colours.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" stroke=\"{colour}\" d=\"M{string.Join('L', points.Select(point => $"{Number(X(point.X))} {Number(Y(point.Y))}"))}\"/>\n");
            foreach ((double x, double y) in points)
                svg.Append(CultureInfo.InvariantCulture, $"<circle fill=\"{colour}\" r=\"3.5\" cx=\"{Number(X(x))}\" cy=\"{Number(Y(y))}\"/>\n");
            legend = Legend(svg, $"stroke=\"{colour}\" stroke-width=\"2.5\"", name, legend);
        }

        Legend(svg, "class=\"fair\"", "linear", legend);
        return svg.Append("</svg>\n").ToString();
    }

    private static IEnumerable<double> VerticalTicks(double low, double high)
    {
        double[] mantissas = high / low < 200 ? [1, 2, 5] : [1];
        return from decade in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 1)
               from mantissa in mantissas
               let tick = mantissa * Math.Pow(10, decade)
               where tick >= low && tick <= high
               select tick;
    }

    private static void Tick(StringBuilder svg, string grid, string label, double x, double y, string anchor)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"{grid}\"/>\n");
        Text(svg, label, x, y, anchor);
    }

    private static void Text(StringBuilder svg, string text, double x, double y, string anchor) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\">{text}</text>\n");

    /// <summary>One entry of the legend under the title; returns where the next may start.</summary>
    private static double Legend(StringBuilder svg, string stroke, string name, double x)
    {
        const double Middle = 51, Stroke = 24, Gap = 24, Letter = 7.6;
        svg.Append(CultureInfo.InvariantCulture, $"<path {stroke} d=\"M{Number(x)} {Middle}h{Stroke}\"/>\n");
        Text(svg, name, x + Stroke + 6, Middle + 5, "start");
        return x + Stroke + 6 + Letter * name.Length + Gap;
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
