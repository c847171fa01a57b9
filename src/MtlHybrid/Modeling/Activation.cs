namespace MtlHybrid.Modeling;

/// <summary>Element-wise activation functions.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu = 0,

    /// <summary>x Phi(x), with the exact normal distribution function.</summary>
    Gelu = 1,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh = 2,

    /// <summary>x sigmoid(x).</summary>
    Silu = 3,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh = 4,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid = 5,
}
