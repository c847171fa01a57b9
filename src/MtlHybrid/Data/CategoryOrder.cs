namespace MtlHybrid.Data;

/// <summary>The order of classes and categories: by value when all are numbers, else by text (ordinal).</summary>
internal static class CategoryOrder
{
    public static string[] Sort(IEnumerable<string> categories)
    {
        string[] sorted = [.. categories];
        double[] values = new double[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (CellParser.TryNumber(sorted[i], out values[i])) continue;
            Array.Sort(sorted, StringComparer.Ordinal);
            return sorted;
        }
        Array.Sort(values, sorted);
        return sorted;
    }
}
