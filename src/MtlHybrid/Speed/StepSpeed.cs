namespace MtlHybrid.Speed;

/// <summary>How fast one kind of training step is.</summary>
/// <param name="Seconds">Time of one step, from row indices to updated parameters: the median over <paramref name="Repeats"/>.</param>
/// <param name="Repeats">Timings, each over enough steps to be far above the resolution of the clock.</param>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Flops">Floating-point operations of the step's matrix products (<see cref="StepFlops"/>).</param>
public sealed record StepSpeed(double Seconds, int Repeats, int Rows, long Flops)
{
    /// <summary>Steps per second.</summary>
    public double StepsPerSecond => 1 / Seconds;

    /// <summary>Rows per second.</summary>
    public double RowsPerSecond => Rows / Seconds;

    /// <summary>Floating-point operations per second.</summary>
    public double FlopsPerSecond => Flops / Seconds;
}
