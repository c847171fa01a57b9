using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Engine;
using Spectre.Console;

namespace MtlHybrid.Cli;

/// <summary>`mtl devices`: what can compute here, and why nothing else can.</summary>
internal sealed class DevicesCommand(Terminal terminal)
{
    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("devices", "lists what can compute on this machine, and says why a GPU cannot")
        {
            Examples = ["mtl devices", "mtl devices --json"],
        };
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(_ => new DevicesCommand(terminal).Run());
        return command;
    }

    private int Run()
    {
        CudaStatus cuda = Device.Cuda;
        TestedDevice[] devices = [.. Device.List().Select(device => new TestedDevice(device, Device.SelfTest(device)))];
        string? obstacle = Obstacle(cuda, devices);
        string remedy = obstacle is null ? "" : cuda.Remedy;
        using Device chosen = Device.Open();
        if (terminal.Json)
        {
            terminal.Write(new JsonObject
            {
                ["devices"] = new JsonArray([.. devices.Select(Describe)]),
                ["auto"] = chosen.Description.Label,
                ["gpu"] = new JsonObject
                {
                    ["available"] = obstacle is null,
                    ["state"] = Formats.KebabCase(cuda.State.ToString()),
                    ["reason"] = obstacle,
                    ["remedy"] = remedy.Length > 0 ? remedy : null,
                    ["plugin"] = new JsonObject { ["path"] = cuda.PluginPath, ["build"] = cuda.PluginBuild.Length > 0 ? cuda.PluginBuild : null },
                },
                ["library"] = new JsonObject { ["path"] = Device.NativeLibraryPath, ["build"] = Device.BuildInfo },
            });
            return ExitCode.Done;
        }

        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (TestedDevice device in devices) Add(grid, device);
        if (obstacle is not null) Row(grid, "gpu", $"none: {obstacle}");
        if (remedy.Length > 0) Row(grid, "  remedy", remedy);
        Row(grid, "auto", chosen.Description.Label);
        Row(grid, "library", Device.NativeLibraryPath ?? "");
        Row(grid, "build", Device.BuildInfo);
        terminal.Print(grid);
        return ExitCode.Done;
    }

    /// <summary>Why no GPU is used; null when one can be.</summary>
    private static string? Obstacle(CudaStatus cuda, TestedDevice[] devices)
    {
        if (cuda.State != CudaState.Usable) return cuda.Reason;
        TestedDevice[] gpus = [.. devices.Where(device => device.Device.Kind == "cuda")];
        return gpus.Any(gpu => gpu.Failure is null) ? null : string.Join("; ", gpus.Select(gpu => gpu.Failure));
    }

    private static void Add(Grid grid, TestedDevice tested)
    {
        DeviceDescription device = tested.Device;
        Row(grid, device.Label, device.Name);
        string free = device.FreeBytes > 0 ? $", {Gibibytes(device.FreeBytes)} free" : "";
        Row(grid, "  memory", Gibibytes(device.MemoryBytes) + free);
        if (device.Threads > 0) Row(grid, "  threads", device.Threads.ToString());
        if (device.ComputeCapability is { } capability) Row(grid, "  compute capability", capability);
        if (device.DriverVersion is { } driver) Row(grid, "  driver", $"for CUDA {driver}");
        Row(grid, "  features", device.Detail);
        Row(grid, "  self-test", tested.Failure ?? "passed");
    }

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GiB");

    private static void Row(Grid grid, string label, string value) => grid.AddRow(new Text(label), new Text(value));

    private static JsonNode Describe(TestedDevice tested) => new JsonObject
    {
        ["kind"] = tested.Device.Kind,
        ["index"] = tested.Device.Index,
        ["name"] = tested.Device.Name,
        ["memoryBytes"] = tested.Device.MemoryBytes,
        ["freeBytes"] = tested.Device.ComputeCapability is null ? null : tested.Device.FreeBytes,
        ["threads"] = tested.Device.Threads,
        ["computeCapability"] = tested.Device.ComputeCapability,
        ["driver"] = tested.Device.DriverVersion,
        ["detail"] = tested.Device.Detail,
        ["selfTest"] = new JsonObject { ["passed"] = tested.Failure is null, ["failure"] = tested.Failure },
    };

    private sealed record TestedDevice(DeviceDescription Device, string? Failure);
}
