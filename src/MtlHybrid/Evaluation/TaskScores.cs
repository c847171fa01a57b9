using MtlHybrid.Data;

namespace MtlHybrid.Evaluation;

/// <summary>How good the predictions of one task are.</summary>
/// <param name="Task">The task.</param>
/// <param name="Rows">Labelled rows the metrics were computed from.</param>
/// <param name="Metrics">Value by metric name, the headline first; NaN where undefined.</param>
/// <param name="Remarks">By metric name: why it is undefined, or what to know about its value. Only metrics with a
/// remark.</param>
public sealed record TaskScores(TaskDefinition Task, int Rows, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Remarks)
{
    /// <summary>The metric that stands for this task where one number must do.</summary>
    public Metric Headline => MetricCatalog.Headline(Task.Kind);

    /// <summary>Value of the headline metric; NaN where undefined.</summary>
    public double HeadlineValue => Metrics[Headline.Name];
}
