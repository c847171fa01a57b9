using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MtlHybrid.Data;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Strategies;

/// <summary>How the values of one type of option are written as text.</summary>
internal sealed class OptionFormat
{
    private const string None = "none";

    private readonly Func<string, JsonNode?> _read; // null: not such a value
    private readonly IReadOnlyList<string> _words;
    private readonly bool _optional;

    private OptionFormat(string expected, Func<string, JsonNode?> read, IReadOnlyList<string>? words = null, bool optional = false)
    {
        (Expected, _read, _words, _optional) = (expected, read, words ?? [], optional);
    }

    /// <summary>What values look like, in words.</summary>
    public string Expected { get; }

    /// <summary>The words it may take; empty where it is not one of a few words.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The format of a type; null where text has no form for it.</summary>
    public static OptionFormat? For(Type type, bool nullable)
    {
        OptionFormat? format = Nullable.GetUnderlyingType(type) is { } inner ? Plain(inner) : Plain(type);
        return format is null || !nullable ? format : new OptionFormat($"{format.Expected}, or {None}", format._read, [.. format._words, None], optional: true) { Choices = format.Choices };
    }

    /// <summary>A value as text that would set it.</summary>
    public static string Show(JsonNode? value) => value switch
    {
        null => None,
        JsonArray list when list.Any(item => item is JsonArray) => string.Join(';', list.Select(Show)),
        JsonArray list => string.Join(',', list.Select(Show)),
        JsonObject aggregator => AggregatorChoice.Show(aggregator),
        _ => value.ToString(),
    };

    /// <summary>Reads a value; false when the text is none.</summary>
    public bool TryRead(string text, out JsonNode? value)
    {
        value = null;
        if (_optional && text.Equals(None, StringComparison.OrdinalIgnoreCase)) return true;
        value = _read(text);
        return value is not null;
    }

    /// <summary>" (did you mean 'x'?)" where words are expected and one is near.</summary>
    public string Hint(string text) => NearestName.Hint(text, _words);

    private static OptionFormat? Plain(Type type)
    {
        if (type == typeof(bool)) return new("true or false", ReadSwitch, ["true", "false", "on", "off"]);
        if (type == typeof(int)) return new("a whole number", ReadInteger);
        if (type == typeof(double)) return new("a finite number", ReadNumber);
        if (type == typeof(string)) return new("text", text => JsonValue.Create(text));
        if (type == typeof(GradientEstimate)) return new(GradientEstimate.Forms, ReadEstimate, ["exact", "representation", "subsample", "every"]);
        if (type == typeof(AggregatorOptions)) return new(AggregatorChoice.Forms, ReadAggregator, AggregatorChoice.Names);
        if (type.IsEnum) return Choice(type);
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>)) return null;
        Type element = type.GetGenericArguments()[0];
        bool isList = element.IsGenericType;
        return Plain(element) is { } item
            ? new($"a list separated by {(isList ? "semicolons" : "commas")}, each {item.Expected}", text => ReadList(text, isList ? ';' : ',', item))
            : null;
    }

    private static OptionFormat Choice(Type type)
    {
        string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
        return new OptionFormat(
            $"one of {string.Join(", ", names)}",
            text => names.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } name ? JsonValue.Create(name) : null,
            names)
        {
            Choices = names,
        };
    }

    private static JsonArray? ReadList(string text, char separator, OptionFormat item)
    {
        var list = new JsonArray();
        foreach (string part in text.Split(separator, StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0 || item._read(part) is not { } value) return null;
            list.Add(value);
        }

        return list;
    }

    // A refusal says which option of the aggregator is wrong: more than "not such a value".
    private static JsonValue ReadAggregator(string text) => JsonValue.Create(AggregatorChoice.Show(AggregatorChoice.Parse(text)));

    private static JsonValue? ReadEstimate(string text)
    {
        try
        {
            return JsonValue.Create(GradientEstimate.Parse(text).ToString());
        }
        catch (InvalidOptionException)
        {
            return null;
        }
    }

    private static JsonValue? ReadSwitch(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "ON" => JsonValue.Create(true),
        "FALSE" or "OFF" => JsonValue.Create(false),
        _ => null,
    };

    private static JsonValue? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? JsonValue.Create(value)
            : null;

    private static JsonValue? ReadInteger(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? JsonValue.Create(value) : null;
}
