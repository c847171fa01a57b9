using System.Globalization;
using MtlHybrid.Engine;

namespace MtlHybrid.Cli.Settings;

/// <summary>A device as a person names it: auto, cpu, cuda or cuda:N.</summary>
internal readonly record struct DeviceChoice(DeviceKind Kind, int Index)
{
    public const string Description = "where to compute: auto takes the first GPU that works, else the processor; cuda fails without one";

    private const string Expected = "auto, cpu, cuda or cuda:N with the number of a GPU";
    private const string NumberedPrefix = "cuda:";
    private static readonly string[] Names = ["auto", "cpu", "cuda"];

    public static readonly ValueFormat<DeviceChoice> Format =
        Formats.Scalar("auto|cpu|cuda[:N]", Parse, Expected, choice => choice.ToString());

    public override string ToString()
    {
        string name = Kind.ToString().ToLowerInvariant();
        return Index > 0 ? $"{name}:{Index.ToString(CultureInfo.InvariantCulture)}" : name;
    }

    private static DeviceChoice Parse(string text)
    {
        if (text.StartsWith(NumberedPrefix, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(NumberedPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return new DeviceChoice(DeviceKind.Cuda, index);
        }

        return Array.FindIndex(Names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is var kind and >= 0
            ? new DeviceChoice((DeviceKind)kind, 0)
            : throw new FormatException($"expected {Expected}; got '{text}'{Spelling.Hint(text, Names)}");
    }
}
