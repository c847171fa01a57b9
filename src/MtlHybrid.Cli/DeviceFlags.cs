using System.CommandLine;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Engine;

namespace MtlHybrid.Cli;

/// <summary>--device, --precision and --threads, for the verbs without settings of a run.</summary>
internal sealed class DeviceFlags
{
    private readonly Option<DeviceChoice> _device =
        Flags.Of("--device", DeviceChoice.Format, $"{DeviceChoice.Description} [default: auto]", default(DeviceChoice));

    private readonly Option<ComputePrecision> _precision =
        Flags.Of("--precision", PrecisionFormat.Format, $"{PrecisionFormat.Description} [default: float32]", ComputePrecision.Full);

    private readonly Option<int> _threads = Flags.Of("--threads", Formats.Integer, "processor threads; 0 takes all cores [default: 0]", 0);

    /// <summary>The options, for the help page.</summary>
    public IReadOnlyList<Option> Options => [_device, _precision, _threads];

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">A number of threads that cannot be, or a precision that the device does not have.</exception>
    public DeviceOptions Read(ParseResult parse)
    {
        DeviceChoice choice = parse.GetValue(_device);
        var options = new DeviceOptions
        {
            Kind = choice.Kind,
            Index = choice.Index,
            Precision = parse.GetValue(_precision),
            Threads = parse.GetValue(_threads),
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (InvalidOptionException e)
        {
            throw new UsageException(e.CalledBy($"--{Formats.KebabCase(e.Option)}").Message);
        }
    }
}
