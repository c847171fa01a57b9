namespace MtlHybrid.Data;

/// <summary>Deals whole groups of rows to parts.</summary>
internal static class GroupDivision
{
    /// <param name="table">Where the group column is found.</param>
    /// <param name="groupColumn">Rows with one value of it stay together.</param>
    /// <param name="rows">The rows to deal.</param>
    /// <param name="sizes">Wanted rows per part; 0 leaves the part empty.</param>
    /// <param name="random">Decides the order of the groups.</param>
    public static int[][] Divide(Table table, string groupColumn, int[] rows, int[] sizes, ref SeededGenerator random)
    {
        List<int>[] groups = GroupsOf(table, groupColumn, rows);
        int parts = sizes.Count(size => size > 0);
        if (groups.Length < parts)
            throw new DataException($"{parts} parts need as many groups, the rows to split have {groups.Length}", table.Source, null, groupColumn);

        int[] order = [.. Enumerable.Range(0, groups.Length)];
        random.Shuffle(order);
        List<int>[] dealt = [.. sizes.Select(_ => new List<int>())];
        for (int i = 0; i < order.Length; i++)
        {
            int empty = sizes.Where((size, part) => size > 0 && dealt[part].Count == 0).Count();
            dealt[NeediestPart(sizes, dealt, emptyOnly: order.Length - i <= empty)].AddRange(groups[order[i]]);
        }
        return [.. dealt.Select(part => part.ToArray())];
    }

    /// <summary>The part that lacks most rows; when only as many groups as empty parts are left, an empty one.</summary>
    private static int NeediestPart(int[] sizes, List<int>[] dealt, bool emptyOnly)
    {
        int best = -1;
        for (int part = 0; part < sizes.Length; part++)
        {
            if (sizes[part] == 0 || (emptyOnly && dealt[part].Count > 0)) continue;
            if (best < 0 || sizes[part] - dealt[part].Count > sizes[best] - dealt[best].Count) best = part;
        }
        return best;
    }

    private static List<int>[] GroupsOf(Table table, string groupColumn, int[] rows)
    {
        DataColumn column = table.Column(groupColumn, "the group column").AsCategories();
        Dictionary<int, List<int>> groups = [];
        foreach (int row in rows)
        {
            int code = column.Codes[row];
            if (code < 0) throw table.CellError(groupColumn, row, "expected the name of a group, the cell is empty or \"missing\"");
            if (!groups.TryGetValue(code, out List<int>? group)) groups.Add(code, group = []);
            group.Add(row);
        }
        return [.. groups.OrderBy(group => group.Key).Select(group => group.Value)];
    }
}
