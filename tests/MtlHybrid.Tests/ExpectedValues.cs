using System.Text.Json;

namespace MtlHybrid.Tests;

/// <summary>Reads the committed expected values (…-cases.json), which the scripts in eng/ make.</summary>
internal static class ExpectedValues
{
    public static JsonElement Read(string name)
    {
        using Stream stream = typeof(ExpectedValues).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"no embedded file {name}");
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
