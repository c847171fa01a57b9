using System.Globalization;
using MtlHybrid.Data;
using MtlHybrid.Training;

namespace MtlHybrid.Cli.Output;

/// <summary>Predictions as CSV, numbers in the shortest form that reads back to the same value.</summary>
internal static class PredictionTable
{
    /// <summary>Writes a header and one line per row.</summary>
    public static void Write(TextWriter writer, Predictions predictions)
    {
        writer.Write(string.Join(',', predictions.Tasks.SelectMany(Columns).Select(Field)) + "\n");
        var fields = new List<string>();
        for (int row = 0; row < predictions.Rows; row++)
        {
            fields.Clear();
            for (int task = 0; task < predictions.Tasks.Count; task++) AddFields(fields, predictions, task, row);
            writer.Write(string.Join(',', fields) + "\n");
        }
    }

    private static IEnumerable<string> Columns(TaskDefinition task) => task.Kind switch
    {
        TaskKind.Regression => [task.Name],
        TaskKind.Binary => [task.Name, $"{task.Name}:{task.Classes[1]}"],
        _ => [task.Name, .. task.Classes.Select(name => $"{task.Name}:{name}")],
    };

    private static void AddFields(List<string> fields, Predictions predictions, int task, int row)
    {
        TaskDefinition definition = predictions.Tasks[task];
        if (definition.Kind != TaskKind.Regression) fields.Add(Field(predictions.ClassName(task, row)));
        foreach (double value in predictions.Values(task).Slice(row * definition.OutputWidth, definition.OutputWidth))
            fields.Add(value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
