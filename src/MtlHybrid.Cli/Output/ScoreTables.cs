using System.Text.Json.Nodes;
using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using Spectre.Console;

namespace MtlHybrid.Cli.Output;

/// <summary>Metrics of tasks, for people and as JSON.</summary>
internal static class ScoreTables
{
    /// <summary>One table per kind of task.</summary>
    /// <param name="terminal">Where to print.</param>
    /// <param name="title">What the scores are of.</param>
    /// <param name="scores">One per task.</param>
    /// <param name="most">Tasks to show per table at most; the rest is counted.</param>
    /// <param name="whereTheRestIs">Where the tasks that are not shown can be found.</param>
    public static void Print(Terminal terminal, string title, IReadOnlyList<TaskScores> scores, int most = int.MaxValue, string whereTheRestIs = "")
    {
        foreach (IGrouping<TaskKind, TaskScores> kind in scores.GroupBy(score => score.Task.Kind))
        {
            TaskScores[] tasks = [.. kind];
            IReadOnlyList<Metric> metrics = MetricCatalog.For(kind.Key);
            Table table = Tables.Create("task", [.. metrics.Select(metric => metric.Name.Replace('_', ' ')), "rows"]);
            foreach (TaskScores task in tasks.Take(most)) table.AddRow(Row(task, metrics));
            terminal.Output.WriteLine($"{title}, {Words(kind.Key)}:");
            terminal.Print(table);
            if (tasks.Length > most) terminal.Output.WriteLine($"... and {tasks.Length - most} more tasks{whereTheRestIs}");
            if (kind.Key != TaskKind.Regression || tasks.Length == 1) continue;
            MetricValue average = TaskAverage.Of(tasks, MetricCatalog.Rrmse);
            terminal.Output.WriteLine($"average relative RMSE (aRRMSE): {NumberText.Of(average.Value)}");
        }

        string[] remarks = [.. scores.SelectMany(score => score.Remarks.Select(remark => $"task {score.Task.Name}, {remark.Key}: {remark.Value}"))];
        foreach (string remark in remarks.Take(MostRemarks)) terminal.Note(remark);
        if (remarks.Length > MostRemarks) terminal.Note($"{remarks.Length - MostRemarks} more remarks of this sort");
    }

    /// <summary>[{"task": ..., "kind": ..., "rows": ..., "metrics": {...}}, ...]; undefined metrics are null.</summary>
    public static JsonArray ToJson(IEnumerable<TaskScores> scores) => new([.. scores.Select(score => new JsonObject
    {
        ["task"] = score.Task.Name,
        ["kind"] = Settings.Formats.Kinds.Show(score.Task.Kind),
        ["rows"] = score.Rows,
        ["metrics"] = new JsonObject(score.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)NumberText.Finite(metric.Value)))),
    })]);

    private const int MostRemarks = 10;
    private const int LongestName = 24;

    private static Text[] Row(TaskScores task, IReadOnlyList<Metric> metrics) =>
    [
        new Text(Tables.Shorten(task.Task.Name, LongestName)),
        .. metrics.Select(metric => new Text(NumberText.Of(task.Metrics.GetValueOrDefault(metric.Name, double.NaN)))),
        new Text(task.Rows.ToString()),
    ];

    private static string Words(TaskKind kind) => kind switch
    {
        TaskKind.Regression => "regression",
        TaskKind.Binary => "two classes",
        _ => "several classes",
    };
}
