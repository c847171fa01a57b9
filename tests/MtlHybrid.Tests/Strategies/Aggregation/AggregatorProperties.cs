namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>What an aggregator promises beyond a finite answer of the right shape to any input.</summary>
[Flags]
public enum AggregatorProperties
{
    None = 0,

    /// <summary>No task gradient has a negative inner product with the direction.</summary>
    NonConflicting = 1,

    /// <summary>The direction does not depend on the order of the tasks.</summary>
    PermutationInvariant = 2,

    /// <summary>Rows multiplied by positive factors c: the direction is linear in c.</summary>
    LinearUnderScaling = 4,

    /// <summary>All gradients multiplied by one factor: the direction is multiplied by it too.</summary>
    Homogeneous = 8,

    /// <summary>The direction is zero only where some convex combination of all gradients, no weight zero, vanishes.</summary>
    ZeroOnlyAtStationary = 16,

    /// <summary>What an instance answers does not depend, to the last bit, on the batches it has seen.</summary>
    WithoutMemory = 32,

    /// <summary>Where such a combination vanishes, the direction is zero.</summary>
    ZeroAtStationary = 64,

    /// <summary><see cref="NonConflicting"/> where no gradient is many times shorter than the others.</summary>
    NonConflictingAtSimilarLengths = 128,
}
