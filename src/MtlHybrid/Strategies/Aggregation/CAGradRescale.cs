namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What CAGrad's update is multiplied by.</summary>
public enum CAGradRescale
{
    /// <summary>1.</summary>
    None = 0,

    /// <summary>1 / (1 + c): the update is then no longer than the mean gradient.</summary>
    Linear = 1,

    /// <summary>1 / (1 + c^2).</summary>
    Square = 2,
}
