namespace MtlHybrid.Affinity;

/// <summary>How the gradients of two tasks are compared.</summary>
public enum GradientSimilarity
{
    /// <summary>Cosine of the angle between them, in [-1, 1]: the direction alone.</summary>
    Cosine = 0,

    /// <summary>Inner product: to first order, what a small step on one task takes off the other's loss, per unit of learning
    /// rate.</summary>
    InnerProduct = 1,
}
