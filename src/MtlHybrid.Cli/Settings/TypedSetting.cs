using System.CommandLine;
using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Settings;

/// <summary>A setting with values of one type.</summary>
internal sealed class TypedSetting<T> : Setting
    where T : notnull
{
    private readonly ValueFormat<T> _format;
    private readonly Func<RunOptions, object?> _get;
    private readonly Func<RunOptions, T, RunOptions> _set;
    private readonly Option<T> _option;

    /// <param name="group">Where it stands in the help text.</param>
    /// <param name="name">Its key, in kebab case.</param>
    /// <param name="description">One line for people.</param>
    /// <param name="property">Its name in the library's options.</param>
    /// <param name="format">How values look.</param>
    /// <param name="get">The value in the options (a T), or null where it is unset or does not apply.</param>
    /// <param name="set">The options with the value; may throw <see cref="NotApplicableException"/>.</param>
    public TypedSetting(
        SettingGroup group,
        string name,
        string description,
        string? property,
        ValueFormat<T> format,
        Func<RunOptions, object?> get,
        Func<RunOptions, T, RunOptions> set)
        : base(group, name, description, property)
    {
        (_format, _get, _set) = (format, get, set);
        bool repeats = !typeof(T).IsPrimitive && typeof(T).IsInterface;
        _option = new Option<T>(Flag)
        {
            Description = description,
            HelpName = format.Placeholder,
            Arity = typeof(T) == typeof(bool) ? ArgumentArity.ZeroOrOne
                : repeats ? ArgumentArity.OneOrMore
                : ArgumentArity.ExactlyOne,
            CustomParser = result => Flags.Parse(result, Flag, format),
        };
    }

    public override Option Option => _option;

    public override RunOptions ApplyFlag(RunOptions options, ParseResult parse) => _set(options, parse.GetRequiredValue(_option));

    public override RunOptions ApplyJson(RunOptions options, JsonNode? value, string folder)
    {
        T parsed = _format.Read(value);
        return _set(options, IsPath && parsed is string path ? (T)(object)Path.GetFullPath(path, folder) : parsed);
    }

    public override JsonNode? ToJson(RunOptions options) => _get(options) switch
    {
        null => null,
        string path when IsPath => JsonValue.Create(Path.GetFullPath(path)),
        var value => _format.ToJson((T)value),
    };

    public override string? Show(RunOptions options) => _get(options) is { } value ? _format.Show((T)value) : null;
}
