using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Engine;
using Spectre.Console;

namespace MtlHybrid.Cli;

/// <summary>`mtl devices`: what can compute here, and why nothing else can.</summary>
internal static class DevicesCommand
{
    private const string NoGpu = "this build has no CUDA core";

    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("devices", "lists what can compute on this machine")
        {
            Examples = ["mtl devices", "mtl devices --json"],
        };
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(_ => Run(terminal));
        return command;
    }

    private static int Run(Terminal terminal)
    {
        IReadOnlyList<DeviceDescription> devices = Device.List();
        bool gpu = devices.Any(device => device.Kind == "cuda");
        if (terminal.Json)
        {
            terminal.Write(new JsonObject
            {
                ["devices"] = new JsonArray([.. devices.Select(Describe)]),
                ["gpu"] = new JsonObject { ["available"] = gpu, ["reason"] = gpu ? null : NoGpu },
                ["library"] = new JsonObject { ["path"] = Device.NativeLibraryPath, ["build"] = Device.BuildInfo },
            });
            return ExitCode.Done;
        }

        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (DeviceDescription device in devices)
        {
            Row(grid, $"{device.Kind}:{device.Index}", device.Name);
            Row(grid, "  memory", $"{device.MemoryBytes / (double)(1L << 30):0.0} GiB");
            if (device.Threads > 0) Row(grid, "  threads", device.Threads.ToString());
            Row(grid, "  features", device.Detail);
        }

        if (!gpu) Row(grid, "gpu", $"none: {NoGpu}");
        Row(grid, "library", Device.NativeLibraryPath ?? "");
        Row(grid, "build", Device.BuildInfo);
        terminal.Print(grid);
        return ExitCode.Done;
    }

    private static void Row(Grid grid, string label, string value) => grid.AddRow(new Text(label), new Text(value));

    private static JsonNode Describe(DeviceDescription device) => new JsonObject
    {
        ["kind"] = device.Kind,
        ["index"] = device.Index,
        ["name"] = device.Name,
        ["memoryBytes"] = device.MemoryBytes,
        ["threads"] = device.Threads,
        ["detail"] = device.Detail,
    };
}
