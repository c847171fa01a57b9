using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Engine;
using MtlHybrid.Speed;
using Spectre.Console;

namespace MtlHybrid.Cli;

/// <summary>`mtl bench`: what this machine does.</summary>
internal sealed class BenchCommand(Terminal terminal, CancellationToken cancellation)
{
    private static readonly TimeSpan QuickTime = TimeSpan.FromSeconds(0.1);

    private readonly DeviceFlags _device = new();

    private readonly Option<bool> _quick = new("--quick") { Description = "about two seconds, less exact" };

    public static Command Create(Terminal terminal, CancellationToken cancellation) => new BenchCommand(terminal, cancellation).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("bench", "measures how fast this machine trains and predicts")
        {
            Examples = ["mtl bench", "mtl bench --threads 1 --quick --json"],
            Notes =
            [
                $"Trains perceptrons of four sizes on random data ({SpeedTest.Features} inputs, three hidden layers, {SpeedTest.TaskCount} tasks, Adam): "
                + $"a joint step, and a selective one with {SpeedTest.GroupCount} groups. \"of products\" compares a step with this machine's own rate of "
                + $"matrix products. Medians of {SpeedTest.Repeats}; about ten seconds in all. Other programs that run meanwhile make everything slower.",
            ],
        };
        command.AddTopic("Measurement", [.. _device.Options, _quick]);
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var options = new SpeedOptions { Device = _device.Read(parse) };
        if (parse.GetValue(_quick)) options = options with { TimePerNumber = QuickTime };
        terminal.Say($"measuring for about {SpeedTest.TotalTime(options).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} seconds");
        SpeedReport report = SpeedTest.Run(options, cancel: cancellation);
        if (terminal.Json) terminal.Write(Describe(report));
        else Print(report);
        return ExitCode.Done;
    }

    private void Print(SpeedReport report)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        bool processor = report.Device.Threads > 0;
        Row(grid, processor ? "processor" : report.Device.Label, report.Device.Name);
        if (processor) Row(grid, "threads", $"{report.Threads}; this process may use {report.Device.Threads}");
        Row(grid, "features", report.Device.Detail);
        Row(grid, "build", Device.BuildInfo);
        string onAll = report.Threads > 1 ? $", {Giga(report.FlopsPerSecond)} on {report.Threads}" : "";
        Row(grid, "matrix products", $"{Giga(report.OneThreadFlopsPerSecond)} GFLOP/s{(processor ? $" on one thread{onAll}" : "")}");
        terminal.Print(grid);

        Table table = Tables.Create("batch x width", "step", "ms per step", "steps per second", "rows per second", "GFLOP/s", "of products");
        foreach (NetworkSpeed network in report.Networks)
        {
            Row(table, $"{network.Batch} x {network.Hidden}", "joint", network.Joint, report);
            Row(table, "", "selective", network.Selective, report);
        }

        terminal.Print(table);
        IEnumerable<string> predictions = report.Networks.DistinctBy(network => network.Hidden)
            .Select(network => $"{Fixed(network.OneRowSeconds * 1e6, 1)} microseconds at width {network.Hidden}");
        terminal.Print($"prediction of one row: {string.Join(", ", predictions)}");
    }

    private static void Row(Grid grid, string label, string value) => grid.AddRow(new Text(label), new Text(value));

    private static void Row(Table table, string size, string name, StepSpeed step, SpeedReport report) => table.AddRow(
        size,
        name,
        Fixed(step.Seconds * 1e3, 3),
        Fixed(step.StepsPerSecond, 0),
        Fixed(step.RowsPerSecond, 0),
        Giga(step.FlopsPerSecond),
        $"{Fixed(100 * step.FlopsPerSecond / report.FlopsPerSecond, 0)} %");

    private static string Giga(double flopsPerSecond) => Fixed(flopsPerSecond / 1e9, 1);

    private static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static JsonObject Describe(SpeedReport report) => new()
    {
        ["machine"] = new JsonObject
        {
            ["device"] = report.Device.Label,
            ["processor"] = report.Device.Name,
            ["usableThreads"] = report.Device.Threads,
            ["memoryBytes"] = report.Device.MemoryBytes,
            ["features"] = report.Device.Detail,
            ["build"] = Device.BuildInfo,
        },
        ["threads"] = report.Threads,
        ["matrixProduct"] = new JsonObject
        {
            ["rows"] = SpeedTest.ProductSize,
            ["columns"] = SpeedTest.ProductSize,
            ["depth"] = SpeedTest.ProductSize,
            ["oneThreadGflopPerSecond"] = report.OneThreadFlopsPerSecond / 1e9,
            ["gflopPerSecond"] = report.FlopsPerSecond / 1e9,
        },
        ["networks"] = new JsonArray([.. report.Networks.Select(network => (JsonNode?)Describe(network, report))]),
    };

    private static JsonObject Describe(NetworkSpeed network, SpeedReport report) => new JsonObject
    {
        ["batchRows"] = network.Batch,
        ["hiddenWidth"] = network.Hidden,
        ["inputs"] = SpeedTest.Features,
        ["tasks"] = SpeedTest.TaskCount,
        ["parameters"] = network.Parameters,
        ["jointStep"] = Describe(network.Joint, 1, report),
        ["selectiveStep"] = Describe(network.Selective, SpeedTest.GroupCount, report),
        ["oneRowPredictionMicroseconds"] = network.OneRowSeconds * 1e6,
    };

    private static JsonObject Describe(StepSpeed step, int groups, SpeedReport report) => new()
    {
        ["groups"] = groups,
        ["medianMilliseconds"] = step.Seconds * 1e3,
        ["repeats"] = step.Repeats,
        ["stepsPerSecond"] = step.StepsPerSecond,
        ["rowsPerSecond"] = step.RowsPerSecond,
        ["megaflopPerStep"] = step.Flops / 1e6,
        ["gflopPerSecond"] = step.FlopsPerSecond / 1e9,
        ["shareOfMatrixProductRate"] = step.FlopsPerSecond / report.FlopsPerSecond,
    };
}
