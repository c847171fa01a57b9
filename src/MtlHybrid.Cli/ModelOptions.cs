using System.CommandLine;
using MtlHybrid.Cli.Output;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>The options of the verbs that use a trained model.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model") { HelpName = "DIR", Description = "run folder of mtl train", Required = true };

    private readonly Option<string> _data = new("--data") { HelpName = "FILE", Description = "table: .csv or .csv.gz with a header", Required = true };

    private readonly DeviceFlags _device = new();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(VerbCommand command) => command.AddTopic("Model and data", [_model, _data, .. _device.Options]);

    /// <summary>Path of the table.</summary>
    public string DataPath(ParseResult parse) => parse.GetRequiredValue(_data);

    /// <summary>Loads the model.</summary>
    public TrainedModel Load(ParseResult parse, Terminal terminal) =>
        TrainedModel.Load(parse.GetRequiredValue(_model), _device.Read(parse), new TerminalLogger(terminal));
}
