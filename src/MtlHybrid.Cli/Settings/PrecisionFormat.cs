using MtlHybrid.Engine;

namespace MtlHybrid.Cli.Settings;

/// <summary>How matrix products are computed, by the names that people use.</summary>
internal static class PrecisionFormat
{
    public const string Description = "of matrix products; tf32 and bf16 need a GPU";

    private static readonly string[] Names = ["float32", "tf32", "bf16"];

    public static readonly ValueFormat<ComputePrecision> Format = Formats.Scalar(
        string.Join("|", Names), Parse, "float32, tf32 or bf16", precision => Names[(int)precision]);

    private static ComputePrecision Parse(string text) =>
        Array.FindIndex(Names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is var index and >= 0
            ? (ComputePrecision)index
            : throw new FormatException($"expected {string.Join(", ", Names)}; got '{text}'{Spelling.Hint(text, Names)}");
}
