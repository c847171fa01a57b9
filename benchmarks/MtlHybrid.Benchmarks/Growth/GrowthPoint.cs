namespace MtlHybrid.Benchmarks.Growth;

/// <summary>What was measured of one network.</summary>
/// <param name="Case">The network.</param>
/// <param name="Joint">Milliseconds per batch of one update of all tasks, per repeat.</param>
/// <param name="Selective">Milliseconds per batch of one update per group, all losses measured and the affinity kept, per repeat.</param>
/// <param name="Groups">Groups of the selective step.</param>
/// <param name="Parameters">Numbers the network learns.</param>
/// <param name="MemoryBytes">Memory of the network.</param>
internal sealed record GrowthPoint(
    GrowthCase Case, IReadOnlyList<double> Joint, IReadOnlyList<double> Selective, int Groups, long Parameters, long MemoryBytes)
{
    /// <summary>Median of the joint step, milliseconds.</summary>
    public double JointMilliseconds => Median(Joint);

    /// <summary>Median of the selective step, milliseconds.</summary>
    public double SelectiveMilliseconds => Median(Selective);

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
