namespace MtlHybrid.Engine;

/// <summary>How a gradient becomes a step.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with or without momentum.</summary>
    Sgd = 0,

    /// <summary>Adam (Kingma and Ba, 2015); weight decay is added to the gradient (L2).</summary>
    Adam = 1,

    /// <summary>AdamW (Loshchilov and Hutter, 2019); weight decay shrinks the parameter directly.</summary>
    AdamW = 2,
}
