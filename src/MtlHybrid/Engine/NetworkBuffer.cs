namespace MtlHybrid.Engine;

/// <summary>The flat arrays of a network; all have the layout [shared | task 0 | task 1 | ...].</summary>
public enum NetworkBuffer
{
    /// <summary>Weights, biases, tables.</summary>
    Parameters = 0,

    /// <summary>Of the last update or <see cref="Network.ComputeGradients"/>; defined for its slices only.</summary>
    Gradients = 1,

    /// <summary>SGD: the momentum buffer; Adam: m.</summary>
    FirstMoment = 2,

    /// <summary>Adam: v; unused by SGD.</summary>
    SecondMoment = 3,
}
