namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>What was measured of one network.</summary>
/// <param name="Case">Which.</param>
/// <param name="Joint">Its joint step.</param>
/// <param name="Steps">All others that could be taken.</param>
/// <param name="Refused">Those that could not be taken within their memory, and why.</param>
internal sealed record CaseResult(
    GradientCase Case, StepResult Joint, IReadOnlyList<StepResult> Steps, IReadOnlyList<(StepUnderTest Step, string Why)> Refused)
{
    /// <summary>Memory with task gradients, divided by that without.</summary>
    public double MemoryRatio(StepResult step) => (double)step.MemoryBytes / Joint.MemoryBytes;
}
