using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MtlHybrid.Data;
using MtlHybrid.Interchange;

namespace MtlHybrid.Strategies;

/// <summary>Sets options of a strategy by text, as "beta=0.5": names are those of the record's properties in lower case with
/// hyphens, values are read by the property's type. The options are those that config files know.</summary>
public static class OptionAssignment
{
    /// <summary>The options of a record that text can set, those of the strategy itself first.</summary>
    public static IReadOnlyList<AssignableOption> List(StrategyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. Targets(options).Select(target => target.Describe(options))];
    }

    /// <summary>The options with some of them set anew, checked.</summary>
    /// <param name="options">Not changed.</param>
    /// <param name="assignments">"name=value", each name once. Lists are separated by commas, lists of lists by semicolons;
    /// "none" takes back an option that may be absent. Upper and lower case are the same in names and words.</param>
    /// <param name="ownOnly">Knows only options of the strategy itself, not those that all strategies of its kind have.</param>
    /// <exception cref="InvalidOptionException">No such option, a value that cannot be read or is outside its range; the message
    /// says what there is.</exception>
    public static T Apply<T>(T options, IEnumerable<string> assignments, bool ownOnly = false)
        where T : StrategyOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(assignments);
        Target[] targets = [.. Targets(options).Where(target => target.IsOwn || !ownOnly)];
        JsonObject document = JsonSerializer.SerializeToNode(options, options.GetType(), JsonFormat.Options)!.AsObject();
        var seen = new HashSet<Target>();
        try
        {
            foreach (string assignment in assignments)
            {
                (Target target, string text) = Split(assignment, options, targets);
                if (!seen.Add(target)) throw new InvalidOptionException(target.Title(options), "given once", "it twice");
                document[target.Property.Name] = target.Format.TryRead(text, out JsonNode? value)
                    ? value
                    : throw new InvalidOptionException(target.Title(options), target.Format.Expected, $"'{text}'{target.Format.Hint(text)}");
            }

            var result = (T)document.Deserialize(options.GetType(), JsonFormat.Options)!;
            result.Validate();
            return result;
        }
        catch (InvalidOptionException refusal) when (Array.Find(targets, target => target.Member == refusal.Option) is { } target)
        {
            throw refusal.CalledBy(target.Title(options));
        }
    }

    private static (Target Target, string Text) Split(string assignment, StrategyOptions options, Target[] targets)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? assignment : assignment[..equals]).Trim();
        string[] known = [.. targets.Select(target => target.Name)];
        if (Array.Find(targets, target => string.Equals(target.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } found)
        {
            string what = name.Length == 0 ? $"'{assignment}'" : $"'{name}'{NearestName.Hint(name, known)}";
            throw known.Length == 0
                ? new InvalidOptionException($"options of {options.Name}", "left out, since it has none", what)
                : new InvalidOptionException($"an option of {options.Name}", $"one of {string.Join(", ", known)}", what);
        }

        if (equals < 0) throw new InvalidOptionException(found.Title(options), $"given as {found.Name}=VALUE", $"'{assignment}'");
        return (found, assignment[(equals + 1)..].Trim());
    }

    private static IEnumerable<Target> Targets(StrategyOptions options) =>
        from property in JsonFormat.Options.GetTypeInfo(options.GetType()).Properties
        where property is { Get: not null, Set: not null, AttributeProvider: MemberInfo }
        let format = OptionFormat.For(property.PropertyType, property.IsSetNullable)
        where format is not null
        let member = (MemberInfo)property.AttributeProvider!
        let isOwn = member.DeclaringType == options.GetType()
        orderby !isOwn
        select new Target(property, format, member, isOwn);

    private sealed record Target(JsonPropertyInfo Property, OptionFormat Format, MemberInfo Info, bool IsOwn)
    {
        public string Name { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(Info.Name);

        /// <summary>Name of the property, as refusals call it.</summary>
        public string Member => Info.Name;

        public AssignableOption Describe(StrategyOptions options)
        {
            JsonNode? value = JsonSerializer.SerializeToNode(Property.Get!(options), Property.PropertyType, JsonFormat.Options);
            string text = Info.GetCustomAttribute<OptionTextAttribute>()?.Text ?? "";
            return new AssignableOption(Name, text, Format.Expected, OptionFormat.Show(value), value, IsOwn) { Choices = Format.Choices };
        }

        public string Title(StrategyOptions options) => $"option '{Name}' of {options.Name}";
    }
}
