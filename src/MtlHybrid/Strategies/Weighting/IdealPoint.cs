namespace MtlHybrid.Strategies.Weighting;

/// <summary>What counts as the best that a task can reach, z_i of smooth Tchebycheff.</summary>
public enum IdealPoint
{
    /// <summary>Zero, which no loss of this library goes below.</summary>
    Zero = 0,

    /// <summary>The smallest value seen in any batch so far.</summary>
    Smallest = 1,
}
