namespace MtlHybrid.Reporting;

/// <summary>Draws a <see cref="ReportTable"/> as HTML.</summary>
internal static class HtmlTable
{
    /// <summary>Tables with more rows scroll inside a box.</summary>
    private const int TallRows = 40;

    /// <summary>A table of values.</summary>
    /// <param name="html">Where it goes.</param>
    /// <param name="table">What it shows.</param>
    /// <param name="totalRow">Whether the last row sums up.</param>
    public static void Write(HtmlWriter html, ReportTable table, bool totalRow = false)
    {
        bool marks = table.Rows.Any(row => row.Any(cell => cell.IsBest));
        html.Open("div", ("class", table.Rows.Count > TallRows ? "scroll tall" : "scroll")).Open("table");
        Head(html, table);
        html.Open("tbody");
        for (int row = 0; row < table.Rows.Count; row++)
        {
            html.Open("tr", ("class", totalRow && row == table.Rows.Count - 1 ? "total" : "value"));
            html.Element("th", table.Rows[row][0].Text, ("scope", "row"), ("title", table.Rows[row][0].Text));
            foreach (ReportCell cell in table.Rows[row].Skip(1))
                html.Element("td", cell.Text, ("class", cell.IsBest ? "best" : marks ? "value" : "plain"));
            html.Close("tr");
        }

        html.Close("tbody").Close("table").Close("div");
    }

    /// <summary>A table whose cells hold words and may wrap.</summary>
    public static void WriteWords(HtmlWriter html, ReportTable table)
    {
        html.Open("div", ("class", "scroll")).Open("table", ("class", "words"));
        Head(html, table);
        html.Open("tbody");
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
        {
            html.Open("tr");
            foreach (ReportCell cell in row)
                html.Element("td", cell.Text, ("class", "plain"));
            html.Close("tr");
        }

        html.Close("tbody").Close("table").Close("div");
    }

    private static void Head(HtmlWriter html, ReportTable table)
    {
        html.Open("thead").Open("tr");
        foreach (string column in table.Columns)
            html.Element("th", column, ("scope", "col"), ("title", column));
        html.Close("tr").Close("thead");
    }
}
