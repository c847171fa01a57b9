namespace MtlHybrid.Experiments.Toy;

/// <summary>Lines of equal height by marching squares, joined to chains.</summary>
/// <param name="heights">[n, n] over a square grid; first index = column, second = row.</param>
internal sealed class ContourLines(double[,] heights)
{
    // The corners of a cell in turn, and the edge from each corner to the next.
    private static readonly (int Column, int Row)[] Corners = [(0, 0), (1, 0), (1, 1), (0, 1)];

    /// <summary>The chains of one level, in units of grid cells from the first column and row.</summary>
    public IEnumerable<IReadOnlyList<(double Column, double Row)>> At(double level)
    {
        var neighbours = new Dictionary<(int, int, bool), List<(int, int, bool)>>();
        for (int column = 0; column + 1 < heights.GetLength(0); column++)
            for (int row = 0; row + 1 < heights.GetLength(1); row++)
                AddCell(neighbours, column, row, level);
        // Open chains from their ends first; what is left are rings.
        foreach ((int, int, bool) edge in neighbours.Keys.Where(edge => neighbours[edge].Count == 1).Concat([.. neighbours.Keys]).ToArray())
            if (neighbours.ContainsKey(edge))
                yield return Chain(neighbours, edge, level);
    }

    private void AddCell(Dictionary<(int, int, bool), List<(int, int, bool)>> neighbours, int column, int row, double level)
    {
        var crossed = new List<(int, int, bool)>(4);
        for (int corner = 0; corner < 4; corner++)
        {
            (int c0, int r0) = (column + Corners[corner].Column, row + Corners[corner].Row);
            (int c1, int r1) = (column + Corners[(corner + 1) % 4].Column, row + Corners[(corner + 1) % 4].Row);
            // An edge is named by its lower left end, and whether it is upright.
            if (heights[c0, r0] < level != heights[c1, r1] < level) crossed.Add((Math.Min(c0, c1), Math.Min(r0, r1), c0 == c1));
        }

        // Of a saddle the two halves are taken as they come.
        for (int pair = 0; pair + 1 < crossed.Count; pair += 2)
        {
            Neighbours(neighbours, crossed[pair]).Add(crossed[pair + 1]);
            Neighbours(neighbours, crossed[pair + 1]).Add(crossed[pair]);
        }
    }

    private static List<(int, int, bool)> Neighbours(Dictionary<(int, int, bool), List<(int, int, bool)>> neighbours, (int, int, bool) edge) =>
        neighbours.TryGetValue(edge, out List<(int, int, bool)>? known) ? known : neighbours[edge] = [];

    private List<(double Column, double Row)> Chain(
        Dictionary<(int, int, bool), List<(int, int, bool)>> neighbours, (int, int, bool) first, double level)
    {
        var chain = new List<(double, double)> { Crossing(first, level) };
        (int, int, bool) edge = first;
        while (neighbours.TryGetValue(edge, out List<(int, int, bool)>? next) && next.Count > 0)
        {
            (int, int, bool) following = next[0];
            next.RemoveAt(0);
            neighbours[following].Remove(edge);
            if (next.Count == 0) neighbours.Remove(edge);
            chain.Add(Crossing(following, level));
            edge = following;
        }

        neighbours.Remove(edge);
        return chain;
    }

    private (double Column, double Row) Crossing((int Column, int Row, bool Upright) edge, double level)
    {
        double low = heights[edge.Column, edge.Row];
        double high = edge.Upright ? heights[edge.Column, edge.Row + 1] : heights[edge.Column + 1, edge.Row];
        double share = (level - low) / (high - low);
        return edge.Upright ? (edge.Column, edge.Row + share) : (edge.Column + share, edge.Row);
    }
}
