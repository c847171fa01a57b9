using System.CommandLine;
using MtlHybrid.Cli.Output;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>`mtl predict`: what a model says about the rows of a table.</summary>
internal sealed class PredictCommand(Terminal terminal, CancellationToken cancellation)
{
    private readonly ModelOptions _options = new();

    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "where the predictions go, as CSV; otherwise to the output" };

    public static Command Create(Terminal terminal, CancellationToken cancellation) => new PredictCommand(terminal, cancellation).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("predict", "predicts the rows of a table, as CSV")
        {
            Examples = ["mtl predict --model run --data new.csv --out predictions.csv"],
            Notes =
            [
                "One line per row of the table. A regression task has one column with its value; a task with two classes has the class and the "
                + "probability of the positive one; a task with several classes has the class and one probability per class.",
            ],
        };
        _options.AddTo(command);
        command.AddTopic("Output", _out);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        using TrainedModel model = _options.Load(parse, terminal);
        Predictions predictions = model.Predict(model.Encoder.EncodeFile(_options.DataPath(parse)));
        cancellation.ThrowIfCancellationRequested();
        if (parse.GetValue(_out) is { } path)
        {
            OutputFile.WriteText(path, writer => PredictionTable.Write(writer, predictions));
            terminal.Say($"{predictions.Rows} rows written to {path}");
        }
        else
        {
            PredictionTable.Write(terminal.Output, predictions);
            terminal.Output.Flush();
        }

        return ExitCode.Done;
    }
}
