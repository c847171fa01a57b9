using System.CommandLine;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Data;
using MtlHybrid.Interchange;
using MtlHybrid.Pilot;
using MtlHybrid.Reporting;
using MtlHybrid.Training;

namespace MtlHybrid.Cli;

/// <summary>`mtl pilot`: is it worth training these tasks together, and how?</summary>
internal sealed class PilotCommand(Terminal terminal, CancellationToken cancellation)
{
    private readonly VerbSettings _settings = new("pilot");

    public static Command Create(Terminal terminal, CancellationToken cancellation) => new PilotCommand(terminal, cancellation).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("pilot", "compares single-task networks, joint training and multi-task strategies, and advises")
        {
            Examples =
            [
                "mtl pilot --data tecator.csv --targets moisture,fat,protein --out pilot",
                "mtl pilot --config pilot/config.json --seed 100 --out again",
            ],
            Notes =
            [
                "Trains one network per task, joint training, joint training with as many optimizer steps, and each of --strategies, on the same splits, "
                + "once per seed (from --seed on). A flag of a strategy sets all strategies under test that know it; --option NAME=VALUE the one that has it, "
                + "--option STRATEGY:NAME=VALUE the one named. The joint baselines run with their defaults unless joint is among --strategies. A strategy that "
                + "diverges or fails is reported as such and does not end the pilot.",
                "DIR gets report.html (open it in a browser), pilot.json and config.json.",
            ],
        };
        _settings.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        RunSettings settings = _settings.Merge(parse, terminal);
        RunOptions options = settings.Options;
        string path = _settings.OutputPath(parse);
        try
        {
            var pilot = new PilotRunner(options.ToPilotOptions(), new TerminalLogger(terminal));
            using OutputFolder folder = OutputFolder.Claim(path);
            MultiTaskData data = MultiTaskData.Load(options.Data!, options.Table, new TerminalLogger(terminal));
            cancellation.ThrowIfCancellationRequested();
            PilotResult result = PilotDisplay.Show(terminal, progress => pilot.Run(data, progress, cancellation));
            folder.Write(target =>
            {
                PilotFolder.Write(target, result);
                AtomicFile.WriteText(Path.Combine(target, RunFolder.ConfigFile), writer => writer.WriteLine(Terminal.Format(settings.EffectiveConfig())));
            });
            foreach (string note in result.Notes.Except(data.Notes)) terminal.Note(note);
            if (terminal.Json) terminal.Output.WriteLine(result.ToJson());
            else PilotTexts.Print(terminal, result, path);
            if (result.Complete) return ExitCode.Done;
            terminal.Note($"cancelled; {path} has what was reached");
            return ExitCode.Cancelled;
        }
        catch (InvalidOptionException e)
        {
            throw settings.Explain(e);
        }
    }
}
