using System.Text.Json;

namespace MtlHybrid.Reporting;

/// <summary>Options in JSON as a flat list for people: "Model.Hidden" = "128, 128".</summary>
internal static class OptionList
{
    public static IEnumerable<(string Name, string Value)> Flatten(JsonElement options) => Flatten("", options);

    private static IEnumerable<(string Name, string Value)> Flatten(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                    foreach ((string Name, string Value) item in Flatten(name.Length == 0 ? property.Name : name + "." + property.Name, property.Value))
                        yield return item;
                break;
            case JsonValueKind.Array:
                yield return (name, string.Join(", ", value.EnumerateArray().Select(Words)));
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                break;
            default:
                yield return (name, Words(value));
                break;
        }
    }

    private static string Words(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
