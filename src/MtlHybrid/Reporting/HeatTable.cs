namespace MtlHybrid.Reporting;

/// <summary>Numbers in a table whose cells are coloured by them.</summary>
internal static class HeatTable
{
    /// <summary>Writes it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="corner">What rows and columns are.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="rows">Their names and values, one per column.</param>
    /// <param name="largest">Where the colours end.</param>
    /// <param name="text">How a value is written.</param>
    public static void Write(
        HtmlWriter html, string corner, IEnumerable<string> columns, IEnumerable<(string Name, IEnumerable<double> Values)> rows, double largest,
        Func<double, string> text)
    {
        html.Open("div", ("class", "scroll")).Open("table", ("class", "heat")).Open("thead").Open("tr").Element("th", corner);
        foreach (string column in columns) html.Element("th", column, ("scope", "col"), ("title", column));
        html.Close("tr").Close("thead").Open("tbody");
        foreach ((string name, IEnumerable<double> values) in rows)
        {
            html.Open("tr").Element("th", name, ("scope", "row"), ("title", name));
            foreach (double value in values) html.Element("td", text(value), ("class", "plain"), ("style", HeatColour.Of(value, largest)));
            html.Close("tr");
        }

        html.Close("tbody").Close("table").Close("div");
    }
}
