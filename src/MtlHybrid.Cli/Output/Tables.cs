using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>The one look of all tables: names to the left, numbers to the right, no frame.</summary>
internal static class Tables
{
    /// <summary>An empty table. Titles are broken at blanks; numbers never are.</summary>
    public static Table Create(string first, params IEnumerable<string> others)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(new Text(first)).LeftAligned().PadRight(0).NoWrap());
        foreach (string header in others)
            table.AddColumn(new TableColumn(new Text(header.Replace(' ', '\n'))).RightAligned().PadRight(0).NoWrap());
        return table;
    }

    /// <summary>A name cut to a number of letters.</summary>
    public static string Shorten(string name, int letters) => name.Length <= letters ? name : name[..(letters - 1)] + '…';
}
