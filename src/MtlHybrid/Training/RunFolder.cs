using System.Text.Json;
using MtlHybrid.Interchange;

namespace MtlHybrid.Training;

/// <summary>The folder of a training run: <c>config.json</c> (effective options), <c>weights.safetensors</c>, <c>model.json</c>
/// (network, scalers, categories), <c>metrics.csv</c> (one line per epoch), <c>affinity.csv</c> (K x K, when measured),
/// <c>groups.jsonl</c> (one line per change of groups), <c>diagnostics.csv</c> (task gradients, one line per epoch, when asked for).</summary>
public static class RunFolder
{
    /// <summary>Name of the effective options inside a run folder.</summary>
    public const string ConfigFile = "config.json";

    /// <summary>Name of the losses per epoch inside a run folder.</summary>
    public const string MetricsFile = "metrics.csv";

    /// <summary>Name of the affinity matrix inside a run folder.</summary>
    public const string AffinityFile = "affinity.csv";

    /// <summary>Name of the history of groups inside a run folder.</summary>
    public const string GroupsFile = "groups.jsonl";

    /// <summary>Name of the diagnostics of task gradients inside a run folder.</summary>
    public const string DiagnosticsFile = "diagnostics.csv";

    /// <summary>Writes a run. Everything is first written into a temporary folder inside the final one (so on the same file
    /// system), and only then renamed into place: a full disk leaves a former run as it was.</summary>
    /// <param name="folder">The folder; made when it is not there; files of a former run are replaced.</param>
    /// <param name="result">The run.</param>
    /// <param name="config">The effective options as they were asked for; null: the training options.</param>
    /// <param name="writeMore">Writes further files into the folder it is given, which are renamed along; null: there are none.</param>
    /// <exception cref="IOException">The disk is full, the path is a file, ...</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write.</exception>
    public static void Write(string folder, TrainingResult result, object? config = null, Action<string>? writeMore = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string temporary = Path.Combine(target, $".{Environment.ProcessId}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            WriteFiles(temporary, result, config ?? result.Options);
            writeMore?.Invoke(temporary);
            // What the new run does not have must not be left over from an old one.
            if (result.History.Affinity is null) File.Delete(Path.Combine(target, AffinityFile));
            if (result.History.Gradients is null) File.Delete(Path.Combine(target, DiagnosticsFile));
            foreach (string file in Directory.GetFiles(temporary))
                File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static void WriteFiles(string folder, TrainingResult result, object config)
    {
        AtomicFile.Write(
            Path.Combine(folder, ConfigFile),
            stream => JsonSerializer.Serialize(stream, config, config.GetType(), JsonFormat.Options));
        result.Model.Save(folder);
        AtomicFile.WriteText(Path.Combine(folder, MetricsFile), writer => WriteMetrics(writer, result));
        if (result.History.Affinity is { } affinity) affinity.WriteCsv(Path.Combine(folder, AffinityFile));
        if (result.History.Gradients is not null)
        {
            AtomicFile.WriteText(
                Path.Combine(folder, DiagnosticsFile),
                writer => GradientTable.Write(writer, result.History.Epochs, [.. result.Model.Tasks.Select(task => task.Name)], Quote));
        }

        AtomicFile.WriteText(Path.Combine(folder, GroupsFile), writer => WriteGroups(writer, result));
    }

    private static void WriteMetrics(TextWriter writer, TrainingResult result)
    {
        string[] names = [.. result.Model.Tasks.Select(task => task.Name)];
        IEnumerable<string> header =
        [
            "epoch", "batches", "optimizer_steps", "seconds", "learning_rate",
            .. names.Select(name => "train_loss:" + name), .. names.Select(name => "validation_loss:" + name),
            "validation_score", "best",
        ];
        writer.WriteLine(string.Join(',', header.Select(Quote)));
        foreach (EpochRecord epoch in result.History.Epochs)
        {
            IEnumerable<double> losses = epoch.TrainLosses.Concat(epoch.ValidationLosses).Append(epoch.ValidationScore);
            writer.WriteLine(
                $"{epoch.Epoch},{epoch.Batches},{epoch.OptimizerSteps},{epoch.Seconds:R},{epoch.LearningRate:R},"
                + string.Join(',', losses.Select(loss => double.IsNaN(loss) ? "" : loss.ToString("R")))
                + (epoch.Best ? ",1" : ",0"));
        }
    }

    private static void WriteGroups(TextWriter writer, TrainingResult result)
    {
        foreach (GroupRecord record in result.History.Groups)
        {
            var line = new
            {
                batch = record.Batch,
                epoch = record.Epoch,
                groups = record.Groups.Select(group => group.Select(task => result.Model.Tasks[task].Name)),
            };
            writer.WriteLine(JsonSerializer.Serialize(line, LineFormat));
        }
    }

    private static readonly JsonSerializerOptions LineFormat = new(JsonFormat.Options) { WriteIndented = false };

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
