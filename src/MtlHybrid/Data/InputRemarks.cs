namespace MtlHybrid.Data;

/// <summary>Remarks on inputs that are probably none: serial numbers, row numbers.</summary>
internal static class InputRemarks
{
    private const int FewRows = 10;

    public static void Collect(Table table, IReadOnlyList<InputColumn> inputs, DataOptions options, List<string> notes)
    {
        foreach (InputColumn input in inputs)
        {
            if (options.Categorical.Contains(input.Name) || options.Numeric.Contains(input.Name)) continue;
            DataColumn column = table.Column(input.Name, "an input");
            if (column.IsCategorical ? HasMostlyDifferentTexts(column) : CountsRows(column))
            {
                string what = column.IsCategorical ? $"has {column.Categories.Length} different texts in {table.Rows} rows" : "counts the rows";
                notes.Add($"{input.Name} {what}; if it only identifies them use --ignore {Quoted.Text(input.Name)}");
            }
        }
    }

    private static bool HasMostlyDifferentTexts(DataColumn column) =>
        column.Categories.Length > FewRows && column.Categories.Length > column.Codes.Count(code => code >= 0) / 2;

    private static bool CountsRows(DataColumn column)
    {
        if (column.Rows <= FewRows) return false;
        for (int row = 1; row < column.Rows; row++)
            if (!(column.Numbers[row] - column.Numbers[row - 1] == 1)) return false;
        return true;
    }
}
