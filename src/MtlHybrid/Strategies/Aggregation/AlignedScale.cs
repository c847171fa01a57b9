namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Which length Aligned-MTL gives the principal components of the task gradients, all of them the same.</summary>
public enum AlignedScale
{
    /// <summary>That of the shortest one.</summary>
    Min = 0,

    /// <summary>That of the one in the middle; of two, the shorter.</summary>
    Median = 1,

    /// <summary>Their root mean square.</summary>
    Rmse = 2,
}
