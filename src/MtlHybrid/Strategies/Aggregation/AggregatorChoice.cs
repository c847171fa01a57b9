using System.Text.Json;
using System.Text.Json.Nodes;
using MtlHybrid.Data;
using MtlHybrid.Interchange;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>An aggregator with its options as one piece of text: "cagrad", or "cagrad c=0.3 rescale=none".</summary>
public static class AggregatorChoice
{
    /// <summary>What <see cref="Parse"/> takes, in words.</summary>
    public const string Forms = "the name of a strategy that combines task gradients, and options of it as NAME=VALUE, separated by blanks";

    /// <summary>The names it may begin with, in the order of the list of strategies.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Defaults().Select(options => options.Name)];

    /// <summary>Reads an aggregator.</summary>
    /// <param name="text">A name, and options that are to differ from the defaults.</param>
    /// <exception cref="InvalidOptionException">No such name or option, or a value outside its range; says what there is.</exception>
    public static AggregatorOptions Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string name = words.Length > 0 ? words[0] : "";
        AggregatorOptions defaults = Defaults().FirstOrDefault(options => string.Equals(options.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOptionException(
                nameof(SelectiveOptions.Aggregator), $"one of {string.Join(", ", Names)}", $"'{name}'{NearestName.Hint(name, Names)}");
        return OptionAssignment.Apply(defaults, words[1..]);
    }

    /// <summary>The text that <see cref="Parse"/> reads back.</summary>
    public static string Show(AggregatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IEnumerable<string> changed = OptionAssignment.List(options)
            .Zip(OptionAssignment.List(StrategyCatalog.Find(options.Name).Defaults))
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => $"{pair.First.Name}={pair.First.Value}");
        return string.Join(' ', changed.Prepend(options.Name));
    }

    internal static string Show(JsonObject options) => Show((AggregatorOptions)options.Deserialize<StrategyOptions>(JsonFormat.Options)!);

    private static IEnumerable<AggregatorOptions> Defaults() => StrategyCatalog.All.Select(entry => entry.Defaults).OfType<AggregatorOptions>();
}
