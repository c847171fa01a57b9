namespace MtlHybrid.Benchmarks.Growth;

/// <summary>What grows along a series of networks.</summary>
internal enum GrowthAxis
{
    /// <summary>The number of tasks.</summary>
    Tasks,

    /// <summary>The width of the hidden layers.</summary>
    Width,
}
