namespace MtlHybrid.Evaluation;

/// <summary>
/// Delta-m (Maninis et al., CVPR 2019): the mean over tasks of the relative change of a metric from single-task to multi-task
/// training, signed so that better is positive (or negative: see <see cref="DeltaMConvention"/>).
/// </summary>
public static class DeltaM
{
    /// <summary>
    /// (1/K) sum over tasks of (+1 if higher is better, else -1) x (multi-task - single-task) / single-task, in percent.
    /// </summary>
    /// <param name="tasks">The tasks with one or more metrics each.</param>
    /// <param name="convention">Sign, and how several metrics of a task count.</param>
    /// <returns>A metric that is undefined on either side, or whose single-task value is not above 0 (a relative change would mean
    /// nothing), is left out and named.</returns>
    public static DeltaMResult Compute(IReadOnlyList<TaskComparison> tasks,
        DeltaMConvention convention = DeltaMConvention.PerTaskHigherIsBetter)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        double sign = convention == DeltaMConvention.FlatLowerIsBetter ? -1 : 1;
        var leftOut = new List<string>();
        List<double>[] changes = [.. tasks.Select(task => RelativeChanges(task, leftOut))];
        double[] perTask = [.. changes.Select(task => 100 * sign * Mean(task))];
        double percent = convention == DeltaMConvention.FlatLowerIsBetter
            ? 100 * sign * Mean([.. changes.SelectMany(task => task)])
            : Mean([.. perTask.Where(change => !double.IsNaN(change))]);
        return new DeltaMResult(percent, perTask, leftOut);
    }

    /// <summary>Delta-m of the headline metrics.</summary>
    /// <param name="multiTask">Scores of the multi-task model.</param>
    /// <param name="singleTask">Scores of the single-task models: the same tasks in the same order.</param>
    /// <param name="convention">Sign; with one metric per task both averages are the same.</param>
    /// <exception cref="ArgumentException">The tasks differ.</exception>
    public static DeltaMResult Compute(IReadOnlyList<TaskScores> multiTask, IReadOnlyList<TaskScores> singleTask,
        DeltaMConvention convention = DeltaMConvention.PerTaskHigherIsBetter)
    {
        ArgumentNullException.ThrowIfNull(multiTask);
        ArgumentNullException.ThrowIfNull(singleTask);
        if (!multiTask.Select(task => (task.Task.Name, task.Task.Kind)).SequenceEqual(singleTask.Select(task => (task.Task.Name, task.Task.Kind))))
            throw new ArgumentException("delta-m needs the same tasks in the same order; got "
                + $"{string.Join(", ", multiTask.Select(task => task.Task.Name))} and {string.Join(", ", singleTask.Select(task => task.Task.Name))}");
        return Compute([.. multiTask.Zip(singleTask, (multi, single) => new TaskComparison(multi.Task.Name,
            [new MetricComparison(multi.Headline, multi.HeadlineValue, single.HeadlineValue)]))], convention);
    }

    private static List<double> RelativeChanges(TaskComparison task, List<string> leftOut)
    {
        var changes = new List<double>();
        foreach (MetricComparison metric in task.Metrics)
        {
            string? reason = !double.IsFinite(metric.MultiTask) ? "undefined for the multi-task model"
                : !double.IsFinite(metric.SingleTask) ? "undefined for the single-task model"
                : metric.SingleTask <= 0 ? $"the single-task value is {metric.SingleTask}, and a change relative to it means nothing"
                : null;
            if (reason is not null)
            {
                leftOut.Add($"{task.Task}, {metric.Metric.Name}: {reason}");
                continue;
            }

            double change = (metric.MultiTask - metric.SingleTask) / metric.SingleTask;
            changes.Add(metric.Metric.HigherIsBetter ? change : -change);
        }

        return changes;
    }

    private static double Mean(List<double> values) => values.Count == 0 ? double.NaN : values.Sum() / values.Count;
}
