namespace MtlHybrid.Engine;

/// <summary>Which task gradients are wanted.</summary>
/// <param name="Scope">With respect to what.</param>
/// <param name="Parts">1, or 2: gradients of each half of the rows.</param>
/// <param name="Rows">Only the first rows of the batch; 0: all.</param>
/// <param name="AllLosses">Whether the losses of all tasks are measured, not only those of the tasks asked for.</param>
public readonly record struct GradientRequest(
    GradientScope Scope = GradientScope.Shared, int Parts = 1, int Rows = 0, bool AllLosses = true)
{
    /// <summary>The gradients of all shared parameters over the whole batch, with the losses of all tasks.</summary>
    public GradientRequest()
        : this(GradientScope.Shared)
    {
    }
}
