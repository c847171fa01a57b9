using System.Text;

namespace MtlHybrid.Reporting;

/// <summary>A table for people, before any rendering: the command line and the report draw the same ones.</summary>
/// <param name="Title">What the table shows.</param>
/// <param name="Columns">Column headers; the first column holds names, the others values.</param>
/// <param name="Rows">One list of cells per row, as many as columns.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<ReportCell>> Rows)
{
    /// <summary>The table as aligned lines of plain text; the best value of a row is marked with a star.</summary>
    public string ToText()
    {
        string[][] lines = [[.. Columns], .. Rows.Select(row => row.Select(cell => cell.IsBest ? cell.Text + " *" : cell.Text).ToArray())];
        int[] widths = [.. Enumerable.Range(0, Columns.Count).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder().AppendLine(Title);
        foreach (string[] line in lines)
        {
            // The star hangs to the right of the number, so that the digits of a column stay in line.
            IEnumerable<string> cells = line.Select((cell, column) => column == 0
                ? cell.PadRight(widths[column])
                : (cell.EndsWith(" *", StringComparison.Ordinal) ? cell : cell + "  ").PadLeft(widths[column] + 2));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }
}
