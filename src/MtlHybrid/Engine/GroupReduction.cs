namespace MtlHybrid.Engine;

/// <summary>How the losses of a group become one.</summary>
public enum GroupReduction
{
    /// <summary>The weighted sum of the tasks' losses.</summary>
    Sum = 0,

    /// <summary>That sum divided by the number of tasks of the group with a label in the batch.</summary>
    Mean = 1,
}
