namespace MtlHybrid.Evaluation;

/// <summary>One metric of one task, trained with others and alone.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="MultiTask">Its value for the multi-task model; NaN: undefined.</param>
/// <param name="SingleTask">Its value for a model of this task alone; NaN: undefined.</param>
public readonly record struct MetricComparison(Metric Metric, double MultiTask, double SingleTask);
