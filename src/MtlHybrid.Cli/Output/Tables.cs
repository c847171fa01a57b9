using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>The one look of all tables: names to the left, numbers to the right, no frame.</summary>
internal static class Tables
{
    public static Table Create(string first, params IEnumerable<string> others)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(new Text(first)).LeftAligned());
        foreach (string header in others) table.AddColumn(new TableColumn(new Text(header)).RightAligned().NoWrap());
        return table;
    }
}
