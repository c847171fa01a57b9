namespace MtlHybrid.Modeling;

/// <summary>Losses of a task; each is the mean over the labelled samples of a batch.</summary>
public enum LossKind
{
    /// <summary>(prediction - label)^2.</summary>
    MeanSquare = 0,

    /// <summary>|prediction - label|.</summary>
    MeanAbsolute = 1,

    /// <summary>0.5 d^2 for |d| &lt;= delta, else delta (|d| - 0.5 delta), d = prediction - label.</summary>
    Huber = 2,

    /// <summary>Binary cross entropy on a logit.</summary>
    BinaryCrossEntropy = 3,

    /// <summary>Cross entropy of a softmax over logits.</summary>
    SoftmaxCrossEntropy = 4,
}
