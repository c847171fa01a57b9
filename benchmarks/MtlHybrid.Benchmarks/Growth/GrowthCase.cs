namespace MtlHybrid.Benchmarks.Growth;

/// <summary>One network whose step is timed.</summary>
/// <param name="Axis">What grows in its series.</param>
/// <param name="Batch">Rows per batch.</param>
/// <param name="Hidden">Width of each of the three hidden layers.</param>
/// <param name="Tasks">Linear heads.</param>
internal sealed record GrowthCase(GrowthAxis Axis, int Batch, int Hidden, int Tasks)
{
    /// <summary>The value that grows.</summary>
    public int Size => Axis == GrowthAxis.Tasks ? Tasks : Hidden;
}
