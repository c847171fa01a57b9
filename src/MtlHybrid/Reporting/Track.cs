using System.Globalization;

namespace MtlHybrid.Reporting;

/// <summary>A row of a dot plot: a name, a horizontal line with marks on it, a value in words.</summary>
internal static class Track
{
    /// <summary>Opens a row up to its line; the zero mark is on it.</summary>
    public static void Open(HtmlWriter html, string name, AxisScale scale)
    {
        html.Open("div", ("class", "row")).Element("div", name, ("title", name)).Open("div", ("class", "track"));
        Mark(html, "zero", "", scale.Position(0));
    }

    /// <summary>Closes a row with its value.</summary>
    public static void Close(HtmlWriter html, string value) =>
        html.Close("div").Element("div", value, ("class", "val")).Close("div");

    /// <summary>A mark of a kind the style sheet knows (zero, mean, seed) in a colour.</summary>
    public static void Mark(HtmlWriter html, string kind, string colour, double position) =>
        html.Open("span", ("class", $"{kind} {colour}"), ("style", "left:" + Percent(position))).Close("span");

    /// <summary>A band from one position to another.</summary>
    public static void Band(HtmlWriter html, string colour, double from, double to) =>
        html.Open("span", ("class", "spread " + colour), ("style", $"left:{Percent(from)};width:{Percent(to - from)}")).Close("span");

    /// <summary>The last row: the axis in percent.</summary>
    public static void Axis(HtmlWriter html, AxisScale scale)
    {
        html.Open("div", ("class", "row")).Raw("<div></div>").Open("div", ("class", "axis"));
        foreach (double tick in scale.Ticks)
        {
            html.Element("span", tick.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture) + " %",
                ("style", "left:" + Percent(scale.Position(tick))));
        }

        html.Close("div").Close("div");
    }

    private static string Percent(double fraction) => (100 * fraction).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
