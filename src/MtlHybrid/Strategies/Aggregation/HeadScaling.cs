namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What the heads step on when the trunk steps on a combination of task gradients.</summary>
public enum HeadScaling
{
    /// <summary>Each head on the plain gradient of its task.</summary>
    Plain = 0,

    /// <summary>Each head on its gradient times the weight its task has in the trunk's update, as when a weighted loss is minimised.</summary>
    Weighted = 1,
}
