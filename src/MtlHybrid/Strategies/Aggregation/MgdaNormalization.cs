namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What MGDA divides the task gradients by before it looks for the shortest combination.</summary>
public enum MgdaNormalization
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The gradient's norm.</summary>
    L2 = 1,

    /// <summary>The task's loss.</summary>
    Loss = 2,

    /// <summary>The product of both ("loss+").</summary>
    LossPlus = 3,
}
