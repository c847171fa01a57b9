namespace MtlHybrid.Evaluation;

/// <summary>Averages of one metric over tasks.</summary>
public static class TaskAverage
{
    /// <summary>
    /// The mean of a metric over the tasks that have it; with <see cref="MetricCatalog.Rrmse"/> this is the aRRMSE of the
    /// multi-target regression benchmarks.
    /// </summary>
    /// <param name="scores">Scores of the tasks; those of another kind, without this metric, are left out.</param>
    /// <param name="metric">What to average.</param>
    /// <returns>Undefined where no task has a value. Tasks whose value is undefined are left out and named in the
    /// remark.</returns>
    public static MetricValue Of(IEnumerable<TaskScores> scores, Metric metric)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(metric);
        double sum = 0;
        int counted = 0;
        var undefined = new List<string>();
        foreach (TaskScores task in scores)
        {
            if (!task.Metrics.TryGetValue(metric.Name, out double value)) continue;
            if (double.IsNaN(value))
            {
                undefined.Add(task.Task.Name);
                continue;
            }

            sum += value;
            counted++;
        }

        string? remark = undefined.Count == 0 ? null : $"without {string.Join(", ", undefined)}: undefined there";
        return counted == 0 ? MetricValue.Undefined($"no task has a value of {metric.Name}") : MetricValue.Of(sum / counted, remark);
    }
}
