namespace MtlHybrid.Engine;

/// <summary>Which gradients are meant by a task's gradient.</summary>
public enum GradientScope
{
    /// <summary>Of all shared parameters.</summary>
    Shared = 0,

    /// <summary>Of the shared values that heads read, over the rows of the batch.</summary>
    Representation = 1,

    /// <summary>Of the parameters of the last shared layer that has weights, and of what lies behind it.</summary>
    LastLayer = 2,
}
