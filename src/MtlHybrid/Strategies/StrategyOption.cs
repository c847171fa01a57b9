using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace MtlHybrid.Strategies;

/// <summary>An option of a strategy as people see it: a property of its options record.</summary>
public sealed class StrategyOption
{
    private readonly PropertyInfo _property;

    private StrategyOption(PropertyInfo property)
    {
        _property = property;
        Name = KebabCase(property.Name);
        Text = property.GetCustomAttribute<OptionTextAttribute>()?.Text ?? "";
    }

    /// <summary>Name on the command line: "warmup-batches".</summary>
    public string Name { get; }

    /// <summary>Name of the property, as error messages of the library call it: "WarmupBatches".</summary>
    public string Property => _property.Name;

    /// <summary>One line: what it does, and its range.</summary>
    public string Text { get; }

    /// <summary>The words it may take; empty where it is not one of a few words.</summary>
    public IReadOnlyList<string> Choices =>
        (Nullable.GetUnderlyingType(_property.PropertyType) ?? _property.PropertyType) is { IsEnum: true } type ? [.. Enum.GetNames(type).Select(KebabCase)] : [];

    /// <summary>The options of a strategy: its own first, then those it has in common with others.</summary>
    public static IReadOnlyList<StrategyOption> Of(StrategyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Type own = options.GetType();
        return [.. own.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.DeclaringType == own ? 0 : 1)
            .Select(property => new StrategyOption(property))];
    }

    /// <summary>Its value.</summary>
    public object? Value(StrategyOptions options) => _property.GetValue(options);

    /// <summary>Its value for people, as the command line would take it; null where it is not set.</summary>
    public string? Show(StrategyOptions options) => Show(Value(options));

    private static string? Show(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        Enum choice => KebabCase(choice.ToString()),
        string text => text,
        IEnumerable<IEnumerable<string>> groups => string.Join(';', groups.Select(group => string.Join(',', group))),
        IEnumerable items => string.Join(',', items.Cast<object?>().Select(Show)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
