namespace MtlHybrid.Evaluation;

/// <summary>Delta-m and where it comes from.</summary>
/// <param name="Percent">Delta-m in percent; NaN where no comparison was possible.</param>
/// <param name="PerTask">The task's own mean relative change in percent, in the same sign; NaN where it was left out.</param>
/// <param name="LeftOut">What was left out, and why; empty when everything counted.</param>
public sealed record DeltaMResult(double Percent, IReadOnlyList<double> PerTask, IReadOnlyList<string> LeftOut);
