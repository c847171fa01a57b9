using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Interchange;
using MtlHybrid.Reporting;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>`mtl train`: one network, all tasks, one run folder.</summary>
internal sealed class TrainCommand(Terminal terminal, CancellationToken cancellation)
{
    /// <summary>The document of --json, kept beside the other files of the run.</summary>
    public const string ResultFile = "result.json";

    private const string TraceFlag = "--trace";

    // 64 MB, and as much again while they are written.
    private const int TraceEvents = 1 << 20;

    private const int TasksInTables = 20;
    private readonly VerbSettings _settings = new("train");

    public static Command Create(Terminal terminal, CancellationToken cancellation) => new TrainCommand(terminal, cancellation).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("train", "trains one network on all tasks of a table")
        {
            Examples =
            [
                "mtl train --data tecator.csv --targets moisture,fat,protein --out run",
                "mtl train --config run/config.json --seed 1 --out run1",
            ],
            Notes =
            [
                "DIR gets config.json (all settings; --config repeats the run), weights.safetensors and model.json (the model), metrics.csv "
                + "(losses per epoch), affinity.csv, groups.jsonl, diagnostics.csv (with --diagnostics) and result.json (scores on the test rows).",
            ],
        };
        _settings.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        RunSettings settings = _settings.Merge(parse, terminal);
        string path = _settings.OutputPath(parse);
        string? trace = _settings.TracePath(parse);
        if (trace is not null) OutputFile.Check(trace, TraceFlag);
        using OutputFolder folder = OutputFolder.Claim(path);
        var logger = new TerminalLogger(terminal);
        MultiTaskData data = MultiTaskData.Load(settings.Options.Data!, settings.Options.Table, logger);
        if (data.Tasks.Count == 1) terminal.Note("there is one task: every strategy trains it alone");
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var trainer = new Trainer(settings.Options.Training with { TraceEvents = trace is null ? 0 : TraceEvents }, logger);
            using TrainingResult result = TrainingDisplay.Show(terminal, data.Tasks, progress => trainer.Train(data, progress, cancellation));
            JsonObject document = Describe(result, data, path);
            folder.Write(target => RunFolder.Write(
                target, result, settings.EffectiveConfig(),
                temporary => AtomicFile.WriteText(Path.Combine(temporary, ResultFile), writer => writer.WriteLine(Terminal.Format(document)))));
            if (trace is not null) Write(result.Trace!, trace);
            return Report(result, document, path);
        }
        catch (InvalidOptionException e)
        {
            throw settings.Explain(e);
        }
    }

    private void Write(DeviceTrace trace, string path)
    {
        OutputFile.WriteText(path, writer => ChromeTrace.Write(writer, trace), TraceFlag);
        if (trace.Dropped > 0)
            terminal.Note($"{TraceFlag} {path}: has the last {trace.Events.Count} events; {trace.Dropped} before them were dropped");
    }

    private int Report(TrainingResult result, JsonObject document, string path)
    {
        if (terminal.Json) terminal.Write(document);
        else Print(result, path);
        switch (result.StopReason)
        {
            case StopReason.Cancelled:
                terminal.Note($"cancelled; {path} has what was reached");
                return ExitCode.Cancelled;
            case StopReason.Diverged:
                terminal.Error($"a loss was no longer finite after {result.Batches} batches; {path} has the best weights from before. A smaller --lr may help.");
                return ExitCode.Failed;
            default:
                return ExitCode.Done;
        }
    }

    private void Print(TrainingResult result, string path)
    {
        string[] names = [.. result.Model.Tasks.Select(task => task.Name)];
        (string title, var scores) = result.Test.Count > 0 ? ("test rows", result.Test) : ("validation rows", result.Validation);
        if (scores.Count > 0) ScoreTables.Print(terminal, title, scores, TasksInTables, $" in {Path.Combine(path, ResultFile)}");
        if (result.History.Gradients is { } gradients) terminal.Print(GradientTexts.Sentence(gradients));
        if (result.History.Groups.Count > 0) terminal.Print($"groups at the end: {GroupText.Of(result.History.Groups[^1].Groups, names, 300)}");
        terminal.Print(
            $"{Words(result.StopReason)} after {NumberText.Count(result.History.Epochs.Count, "epoch")}, {NumberText.Count(result.Batches, "batch")}, "
            + $"{NumberText.Count(result.OptimizerSteps, "optimizer step")} in {NumberText.Of(result.Duration)}; written to {path}");
    }

    private static string Words(StopReason reason) => reason switch
    {
        StopReason.Completed => "done",
        StopReason.EarlyStopping => "stopped early",
        StopReason.StepBudget => "out of optimizer steps",
        StopReason.TimeBudget => "out of time",
        StopReason.Cancelled => "cancelled",
        _ => "diverged",
    };

    private static JsonObject Describe(Device device) => new()
    {
        ["device"] = device.Description.Label,
        ["name"] = device.Description.Name,
        ["precision"] = PrecisionFormat.Format.Show(device.Precision),
        ["threads"] = device.Threads,
        ["choice"] = device.Choice,
    };

    private static JsonObject Describe(TrainingResult result, MultiTaskData data, string path) => new()
    {
        ["out"] = Path.GetFullPath(path),
        ["device"] = Describe(result.Model.Network.Device),
        ["stopReason"] = Formats.KebabCase(result.StopReason.ToString()),
        ["epochs"] = result.History.Epochs.Count,
        ["batches"] = result.Batches,
        ["optimizerSteps"] = result.OptimizerSteps,
        ["seconds"] = result.Duration.TotalSeconds,
        ["rows"] = new JsonObject
        {
            ["train"] = result.Split.Train.Length,
            ["validation"] = result.Split.Validation.Length,
            ["test"] = result.Split.Test.Length,
        },
        ["groups"] = result.History.Groups.Count == 0
            ? null
            : new JsonArray([.. result.History.Groups[^1].Groups.Select(group => new JsonArray([.. group.Select(task => (JsonNode?)result.Model.Tasks[task].Name)]))]),
        ["gradients"] = result.History.Gradients is { } gradients ? GradientTexts.ToJson(gradients) : null,
        ["validation"] = ScoreTables.ToJson(result.Validation),
        ["test"] = ScoreTables.ToJson(result.Test),
        ["notes"] = new JsonArray([.. data.Notes.Concat(result.Notes).Select(note => (JsonNode?)note)]),
    };
}
