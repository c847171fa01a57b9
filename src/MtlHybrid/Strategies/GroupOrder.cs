namespace MtlHybrid.Strategies;

/// <summary>In which order the groups of a batch are updated.</summary>
public enum GroupOrder
{
    /// <summary>Shuffled anew for every batch (seeded); spreads what the order does over all groups.</summary>
    Random = 0,

    /// <summary>Always the canonical order of the groups.</summary>
    Fixed = 1,

    /// <summary>The canonical order, started one group later at every batch.</summary>
    RoundRobin = 2,
}
