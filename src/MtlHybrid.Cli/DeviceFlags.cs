using System.CommandLine;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Engine;

namespace MtlHybrid.Cli;

/// <summary>--device and --threads, for the verbs without settings of a run.</summary>
internal sealed class DeviceFlags
{
    private readonly Option<DeviceKind> _device = Flags.Of("--device", Formats.Choice<DeviceKind>(), "where to compute [default: auto]", DeviceKind.Auto);

    private readonly Option<int> _threads = Flags.Of("--threads", Formats.Integer, "processor threads; 0 takes all cores [default: 0]", 0);

    /// <summary>The options, for the help page.</summary>
    public IReadOnlyList<Option> Options => [_device, _threads];

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">A number of threads that cannot be.</exception>
    public DeviceOptions Read(ParseResult parse)
    {
        int threads = parse.GetValue(_threads);
        if (threads is < 0 or > DeviceOptions.MostThreads)
            throw new UsageException($"--threads must be between 0 and {DeviceOptions.MostThreads}; got {threads}");
        return new DeviceOptions { Kind = parse.GetValue(_device), Threads = threads };
    }
}
