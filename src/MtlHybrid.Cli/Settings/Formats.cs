using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MtlHybrid.Data;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Cli.Settings;

/// <summary>The formats of setting values.</summary>
internal static class Formats
{
    public static readonly ValueFormat<string> Text = Scalar("TEXT", text => text, "text");

    public static readonly ValueFormat<string> File = Text with { Placeholder = "FILE" };

    public static readonly ValueFormat<string> Column = Text with { Placeholder = "COL" };

    public static readonly ValueFormat<int> Integer = Scalar("N", text => Whole<int>(text), "a whole number");

    public static readonly ValueFormat<long> LongInteger = Scalar("N", text => Whole<long>(text), "a whole number");

    public static readonly ValueFormat<ulong> Seed = Scalar("N", text => Whole<ulong>(text), "a whole number, at least 0");

    public static readonly ValueFormat<double> Number = Scalar("X", ParseNumber, "a number");

    /// <summary>A number, or "median", which stands as NaN.</summary>
    public static readonly ValueFormat<double> MedianOrNumber = new(
        "median|X",
        words => ParseMedianOrNumber(Single(words)),
        node => ParseMedianOrNumber(Kind(node) is JsonValueKind.Number or JsonValueKind.String ? node!.ToString() : throw Expected("\"median\" or a number", node)),
        value => double.IsNaN(value) ? JsonValue.Create("median") : JsonValue.Create(value),
        value => double.IsNaN(value) ? "median" : Number.Show(value));

    public static readonly ValueFormat<SplitOptions> Splits = Scalar("HOW", ParseSplit, "random, stratified, group:COL or order", ShowSplit);

    public static readonly ValueFormat<GradientEstimate> Gradients = Scalar("HOW", ParseGradients, GradientEstimate.Forms, estimate => estimate.ToString());

    public static readonly ValueFormat<AggregatorOptions> Aggregator = Scalar("NAME", ParseAggregator, AggregatorChoice.Forms, AggregatorChoice.Show);

    public static readonly ValueFormat<TimeSpan> Duration = new(
        "TIME",
        words => ParseDuration(Single(words)),
        node => Kind(node) == JsonValueKind.Number ? Seconds(node!.GetValue<double>(), node.ToJsonString()) : ParseDuration(TextOf(node, "a duration such as \"90s\"")),
        value => JsonValue.Create(value.TotalSeconds),
        value => $"{value.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s");

    public static readonly ValueFormat<bool> Switch = new(
        "",
        words => words.Count == 0 || ParseSwitch(Single(words)),
        node => Kind(node) switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Expected("true or false", node),
        },
        value => JsonValue.Create(value),
        value => value ? "on" : "off");

    public static readonly ValueFormat<IReadOnlyList<string>> Names = List("A,B,...", text => text, "a list of names");

    public static readonly ValueFormat<IReadOnlyList<int>> Integers = List("N,N,...", Whole<int>, "a list of whole numbers");

    /// <summary>"a,b;c" or [["a","b"],["c"]].</summary>
    public static readonly ValueFormat<IReadOnlyList<IReadOnlyList<string>>> Groups = new(
        "\"A,B;C\"",
        words => [.. Single(words).Split(';').Select(group => Split(group, text => text))],
        node => node is JsonArray groups
            ? [.. groups.Select(group => Names.Read(group))]
            : throw Expected("groups such as [[\"a\",\"b\"],[\"c\"]]", node),
        value => new JsonArray([.. value.Select(group => Names.ToJson(group))]),
        value => string.Join(";", value.Select(group => string.Join(",", group))));

    public static readonly ValueFormat<TaskKind> Kinds = Choice<TaskKind>();

    /// <summary>"NAME:kind", once per task, or {"NAME": "kind"}. The kind follows the last colon.</summary>
    public static readonly ValueFormat<IReadOnlyDictionary<string, TaskKind>> TaskKinds = new(
        "NAME:KIND",
        words => ToDictionary(words.Select(ParseTaskKind)),
        node => node is JsonObject kinds
            ? ToDictionary(kinds.Select(entry => (entry.Key, Kinds.Read(entry.Value))))
            : throw Expected("an object such as {\"failure\": \"binary\"}", node),
        value => new JsonObject(value.Select(entry => KeyValuePair.Create(entry.Key, Kinds.ToJson(entry.Value)))),
        value => string.Join(" ", value.Select(entry => $"{entry.Key}:{Kinds.Show(entry.Value)}")));

    /// <summary>The members of an enumeration in kebab case; hyphens may be left out.</summary>
    public static ValueFormat<T> Choice<T>()
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(KebabCase)];
        string all = string.Join("|", names);
        return Scalar(
            all,
            text => Array.FindIndex(names, name => Bare(name) == Bare(text)) is var index and >= 0
                ? Enum.GetValues<T>()[index]
                : throw new FormatException($"expected {all.Replace("|", ", ", StringComparison.Ordinal)}; got '{text}'{Spelling.Hint(text, names)}"),
            all,
            value => KebabCase(value.ToString()));

        static string Bare(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>A name out of a list.</summary>
    public static ValueFormat<string> OneOf(IReadOnlyList<string> names) => Scalar(
        string.Join("|", names),
        text => names.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"expected {string.Join(", ", names)}; got '{text}'{Spelling.Hint(text, names)}"),
        "one of " + string.Join(", ", names));

    /// <summary>Some names out of a list.</summary>
    public static ValueFormat<IReadOnlyList<string>> SomeOf(IReadOnlyList<string> names)
    {
        ValueFormat<string> one = OneOf(names);
        return List("A,B,...", text => one.Parse([text]), "a list of names");
    }

    /// <summary>A value that is one word.</summary>
    public static ValueFormat<T> Scalar<T>(string placeholder, Func<string, T> parse, string expected, Func<T, string>? show = null)
        where T : notnull
    {
        show ??= value => Convert.ToString(value, CultureInfo.InvariantCulture)!;
        bool isNumber = typeof(T).IsPrimitive;
        return new ValueFormat<T>(
            placeholder,
            words => parse(Single(words)),
            node => parse(Kind(node) == (isNumber ? JsonValueKind.Number : JsonValueKind.String) ? node!.ToString() : throw Expected(expected, node)),
            value => isNumber ? JsonValue.Create(value) : JsonValue.Create(show(value)),
            show);
    }

    /// <summary>"MultiClass" as "multi-class"; a capital at the end starts no word ("AdamW" as "adamw").</summary>
    public static string KebabCase(string name) => string.Concat(name.Select((letter, i) =>
        i > 0 && i + 1 < name.Length && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : char.ToLowerInvariant(letter).ToString()));

    private static ValueFormat<IReadOnlyList<T>> List<T>(string placeholder, Func<string, T> parse, string expected) => new(
        placeholder,
        words => [.. words.SelectMany(word => Split(word, parse))],
        node => node is JsonArray array
            ? [.. array.Select(item => parse(Kind(item) is JsonValueKind.String or JsonValueKind.Number ? item!.ToString() : throw Expected(expected, item)))]
            : throw Expected(expected, node),
        value => new JsonArray([.. value.Select(item => (JsonNode?)JsonValue.Create(item))]),
        value => string.Join(",", value));

    private static IReadOnlyList<T> Split<T>(string word, Func<string, T> parse)
    {
        if (string.IsNullOrWhiteSpace(word)) return [];
        string[] parts = word.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Contains("")) throw new FormatException($"an empty name in '{word}'");
        return [.. parts.Select(parse)];
    }

    private static (string Name, TaskKind Kind) ParseTaskKind(string word)
    {
        int colon = word.LastIndexOf(':');
        if (colon <= 0) throw new FormatException($"expected NAME:{Kinds.Placeholder}; got '{word}'");
        return (word[..colon], Kinds.Parse([word[(colon + 1)..]]));
    }

    private static Dictionary<string, TaskKind> ToDictionary(IEnumerable<(string Name, TaskKind Kind)> kinds)
    {
        var result = new Dictionary<string, TaskKind>();
        foreach ((string name, TaskKind kind) in kinds)
            if (!result.TryAdd(name, kind)) throw new FormatException($"the task '{name}' is named twice");
        return result;
    }

    private static T Whole<T>(string text)
        where T : System.Numerics.INumberBase<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T? value)
            ? value
            : throw new FormatException($"expected a whole number{(T.IsNegative(-T.One) ? "" : ", at least 0")}; got '{text}'");

    private static double ParseNumber(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw new FormatException($"expected a finite number; got '{text}'");
        // The network computes with 32 bits: there 1e300 would be infinite, and 1e-300 nothing.
        if (!float.IsFinite((float)value) || (value != 0 && (float)value == 0))
            throw new FormatException($"expected a number that 32 bits can hold (1e-45 to 3.4e38); got '{text}'");
        return value;
    }

    private static bool ParseSwitch(string text) => text.ToLowerInvariant() switch
    {
        "true" or "on" => true,
        "false" or "off" => false,
        _ => throw new FormatException($"expected true or false; got '{text}'"),
    };

    private static TimeSpan ParseDuration(string text)
    {
        (string digits, double unit) = text.ToLowerInvariant() switch
        {
            [.. var value, 's'] => (value, 1.0),
            [.. var value, 'm'] => (value, 60.0),
            [.. var value, 'h'] => (value, 3600.0),
            var value => (value, 1.0),
        };
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? Seconds(number * unit, text)
            : throw new FormatException($"expected a duration such as 90s, 5m or 1.5h; got '{text}'");
    }

    private static TimeSpan Seconds(double seconds, string text) =>
        Math.Abs(seconds) <= TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"expected a duration such as 90s, 5m or 1.5h; got '{text}'");

    private static GradientEstimate ParseGradients(string text)
    {
        try
        {
            return GradientEstimate.Parse(text);
        }
        catch (InvalidOptionException)
        {
            throw new FormatException($"expected {GradientEstimate.Forms}; got '{text}'");
        }
    }

    private static AggregatorOptions ParseAggregator(string text)
    {
        try
        {
            return AggregatorChoice.Parse(text);
        }
        catch (InvalidOptionException e)
        {
            // Whoever shows it names the flag or key.
            throw new FormatException((e.Option == nameof(SelectiveOptions.Aggregator) ? e.CalledBy("it") : e).Message, e);
        }
    }

    private static SplitOptions ParseSplit(string text)
    {
        try
        {
            return SplitOptions.Parse(text);
        }
        catch (InvalidOptionException)
        {
            throw new FormatException($"expected random, stratified, group:COL or order; got '{text}'{Spelling.Hint(text, ["random", "stratified", "order"])}");
        }
    }

    private static string ShowSplit(SplitOptions split) =>
        split.Method == SplitMethod.Group ? $"group:{split.GroupColumn}" : KebabCase(split.Method.ToString());

    private static double ParseMedianOrNumber(string text) =>
        string.Equals(text, "median", StringComparison.OrdinalIgnoreCase) ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw new FormatException($"expected median or a finite number; got '{text}'");

    private static string Single(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : throw new FormatException($"expected one value; got {words.Count}");

    private static JsonValueKind Kind(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    private static string TextOf(JsonNode? node, string expected) =>
        Kind(node) == JsonValueKind.String ? node!.GetValue<string>() : throw Expected(expected, node);

    private static FormatException Expected(string expected, JsonNode? node) =>
        new($"expected {expected}; got {node?.ToJsonString() ?? "null"}");
}
