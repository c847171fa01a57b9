namespace MtlHybrid.Evaluation;

/// <summary>What delta-m compares for one task.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Metrics">One or more metrics of it.</param>
public sealed record TaskComparison(string Task, IReadOnlyList<MetricComparison> Metrics);
