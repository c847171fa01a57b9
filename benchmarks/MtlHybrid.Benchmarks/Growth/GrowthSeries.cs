namespace MtlHybrid.Benchmarks.Growth;

/// <summary>Points of one network that grows along one axis, ascending.</summary>
/// <param name="Axis">What grows.</param>
/// <param name="Title">What stays the same, for people.</param>
/// <param name="Key">The same for a file's name.</param>
/// <param name="Points">What was measured.</param>
internal sealed record GrowthSeries(GrowthAxis Axis, string Title, string Key, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>How the axis is called.</summary>
    public string AxisName => Axis == GrowthAxis.Tasks ? "tasks K" : "width H";

    /// <summary>The power p of size^p between two successive points, for each but the first.</summary>
    public IReadOnlyList<double> Slopes(Func<GrowthPoint, double> quantity) =>
        [.. Points.Skip(1).Zip(Points, (to, from) => Slope(from, to, quantity))];

    /// <summary>The power over the last octaves together: from the point that many before the last to the last.</summary>
    public double LastSlope(Func<GrowthPoint, double> quantity, int octaves) =>
        Slope(Points[^(octaves + 1)], Points[^1], quantity);

    private static double Slope(GrowthPoint from, GrowthPoint to, Func<GrowthPoint, double> quantity) =>
        Math.Log(quantity(to) / quantity(from)) / Math.Log((double)to.Case.Size / from.Case.Size);
}
