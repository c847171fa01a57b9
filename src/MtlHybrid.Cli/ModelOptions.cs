using System.CommandLine;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Engine;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>The options of the verbs that use a trained model.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model") { HelpName = "DIR", Description = "run folder of mtl train", Required = true };

    private readonly Option<string> _data = new("--data") { HelpName = "FILE", Description = "table: .csv or .csv.gz with a header", Required = true };

    private readonly Option<DeviceKind> _device = Flags.Of("--device", Formats.Choice<DeviceKind>(), "where to compute [default: auto]", DeviceKind.Auto);

    private readonly Option<int> _threads = Flags.Of("--threads", Formats.Integer, "processor threads; 0 takes all cores [default: 0]", 0);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(VerbCommand command) => command.AddTopic("Model and data", _model, _data, _device, _threads);

    /// <summary>Path of the table.</summary>
    public string DataPath(ParseResult parse) => parse.GetRequiredValue(_data);

    /// <summary>Loads the model.</summary>
    public TrainedModel Load(ParseResult parse)
    {
        int threads = parse.GetValue(_threads);
        if (threads is < 0 or > DeviceOptions.MostThreads)
            throw new UsageException($"--threads must be between 0 and {DeviceOptions.MostThreads}; got {threads}");
        return TrainedModel.Load(parse.GetRequiredValue(_model), new DeviceOptions { Kind = parse.GetValue(_device), Threads = threads });
    }
}
