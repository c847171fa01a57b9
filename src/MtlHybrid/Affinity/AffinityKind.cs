namespace MtlHybrid.Affinity;

/// <summary>How the affinity between tasks is estimated while a network trains.</summary>
public enum AffinityKind
{
    /// <summary>Proximal inter-task affinity, measured at the real steps on the way: heads and optimizer included.</summary>
    Proximal = 0,

    /// <summary>Cosine of the angle between the task gradients of the shared parameters: the direction alone.</summary>
    GradientCosine = 1,

    /// <summary>Inner products of the task gradients of the shared parameters.</summary>
    GradientProduct = 2,

    /// <summary>Inter-task affinity by probe steps on one task at a time, which are taken back (TAG).</summary>
    LookAhead = 3,

    /// <summary>As <see cref="GradientProduct"/>, estimated without bias from random directions: at a price that does not grow with the
    /// number of tasks.</summary>
    Sketch = 4,
}
