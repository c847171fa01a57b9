namespace MtlHybrid.Experiments.Toy;

/// <summary>A strategy on two parameters that all tasks share; there are no heads. One instance serves one run.</summary>
internal interface IDescent
{
    /// <summary>The direction d of one step, which the optimizer takes as the gradient.</summary>
    /// <param name="step">From 0. The problem is its whole data set, so that a step is an epoch.</param>
    /// <param name="losses">[2].</param>
    /// <param name="gradients">[2, 2] row by row; row = loss.</param>
    /// <param name="direction">[2], written.</param>
    void Direct(int step, ReadOnlySpan<double> losses, ReadOnlySpan<double> gradients, Span<double> direction);

    /// <summary>The losses after the step, where a strategy wants them.</summary>
    void AfterStep(ReadOnlySpan<double> losses)
    {
    }
}
