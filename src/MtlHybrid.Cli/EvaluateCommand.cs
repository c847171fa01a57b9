using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>`mtl evaluate`: how good a model is on all rows of a table with labels.</summary>
internal sealed class EvaluateCommand(Terminal terminal, CancellationToken cancellation)
{
    private readonly ModelOptions _options = new();

    public static Command Create(Terminal terminal, CancellationToken cancellation) => new EvaluateCommand(terminal, cancellation).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("evaluate", "measures a trained model on a table with labels")
        {
            Examples = ["mtl evaluate --model run --data new.csv"],
            Notes = ["All rows count. Rows the model was trained on make it look better than it is."],
        };
        _options.AddTo(command);
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        using TrainedModel model = _options.Load(parse, terminal);
        string path = _options.DataPath(parse);
        MultiTaskData data = MultiTaskData.Load(path, model.DataOptions, model.Tasks, new TerminalLogger(terminal));
        cancellation.ThrowIfCancellationRequested();
        int[] rows = [.. Enumerable.Range(0, data.Rows)];
        IReadOnlyList<TaskScores> scores = model.Evaluate(data, rows);
        if (terminal.Json)
            terminal.Write(new JsonObject { ["data"] = Path.GetFullPath(path), ["rows"] = data.Rows, ["tasks"] = ScoreTables.ToJson(scores) });
        else
            ScoreTables.Print(terminal, $"{data.Rows} rows", scores);
        return ExitCode.Done;
    }
}
