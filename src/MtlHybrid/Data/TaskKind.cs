namespace MtlHybrid.Data;

/// <summary>What a task predicts.</summary>
public enum TaskKind
{
    /// <summary>A real number.</summary>
    Regression = 0,

    /// <summary>One of two classes; the network's output is a logit of the second (positive) class.</summary>
    Binary = 1,

    /// <summary>One of several classes; the network's outputs are one logit per class.</summary>
    MultiClass = 2,
}
