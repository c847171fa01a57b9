using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Settings;

/// <summary>How the values of a setting look on the command line and in a config file.</summary>
/// <param name="Placeholder">Stands for the value in help texts.</param>
/// <param name="Parse">From the words given to the flag (one per use of the flag; none for a bare switch).</param>
/// <param name="Read">From JSON.</param>
/// <param name="ToJson">To JSON; <see cref="Read"/> reads it back.</param>
/// <param name="Show">For people.</param>
/// <remarks>Parse and Read throw <see cref="FormatException"/> with what was expected and what came.</remarks>
internal sealed record ValueFormat<T>(
    string Placeholder,
    Func<IReadOnlyList<string>, T> Parse,
    Func<JsonNode?, T> Read,
    Func<T, JsonNode?> ToJson,
    Func<T, string> Show)
    where T : notnull;
