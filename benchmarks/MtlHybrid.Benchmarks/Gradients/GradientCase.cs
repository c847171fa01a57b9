namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>One network whose steps are timed.</summary>
/// <param name="Tasks">Linear heads, K.</param>
/// <param name="Shape">Batch and hidden width.</param>
internal sealed record GradientCase(int Tasks, StepShape Shape)
{
    /// <summary>The cases of the run.</summary>
    public static IReadOnlyList<GradientCase> All { get; } =
    [
        .. from tasks in (int[])[7, 16]
           from shape in (StepShape[])[new(64, 128), new(256, 256), new(1024, 512)]
           select new GradientCase(tasks, shape),
    ];

    /// <summary>The least arithmetic of a step on the exact Gram matrix, in joint steps. A joint step takes 2 units for forward, 2 for
    /// the gradients of values and 2 for those of weights; the latter two are taken K times, forward once.</summary>
    public double Floor => (2 + (4.0 * Tasks)) / 6;

    /// <inheritdoc/>
    public override string ToString() => $"K = {Tasks}, {Shape}";
}
