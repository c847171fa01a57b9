using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Settings;

/// <summary>--option: options of the strategies that have no flag of their own, as NAME=VALUE, or STRATEGY:NAME=VALUE where several
/// strategies are compared. In a config file an object of options, or of such objects by strategy.</summary>
internal sealed class OptionSetting : Setting
{
    private readonly IReadOnlySet<string> _flagged;

    private readonly Option<string[]> _option;

    /// <param name="flagged">Names of the options of selective updates that have a flag of their own.</param>
    public OptionSetting(IReadOnlySet<string> flagged)
        : base(
            SettingGroup.Strategy,
            "option",
            "an option of the strategy, once per option; 'mtl strategies NAME' lists them. STRATEGY:NAME=VALUE says of which strategy, where several have it",
            property: null)
    {
        _flagged = flagged;
        _option = new Option<string[]>(Flag) { Description = Description, HelpName = "NAME=VALUE", Arity = ArgumentArity.OneOrMore };
    }

    public override Option Option => _option;

    /// <summary>Flags change single options of those in the file.</summary>
    public override bool AddsToConfig => true;

    public override RunOptions ApplyFlag(RunOptions options, ParseResult parse) => Apply(options, parse.GetRequiredValue(_option));

    public override RunOptions ApplyJson(RunOptions options, JsonNode? value, string folder) => value is JsonObject members
        ? Apply(options, members.SelectMany(member => member.Value is JsonObject ofStrategy
            ? ofStrategy.Select(option => $"{member.Key}:{option.Key}={Words(option.Value)}")
            : [$"{member.Key}={Words(member.Value)}"]))
        : throw new FormatException($"expected an object such as {{\"beta\": 0.5}} or {{\"gradvac\": {{\"beta\": 0.5}}}}; got {value?.ToJsonString() ?? "null"}");

    public override JsonNode? ToJson(RunOptions options)
    {
        var document = new JsonObject();
        foreach (StrategyOptions strategy in options.Strategies)
        {
            var own = new JsonObject();
            foreach (AssignableOption option in OptionAssignment.List(strategy))
                if (option.Json is not null && !HasFlag(options, strategy, option)) own.Add(option.Name, option.Json);
            if (own.Count > 0) document.Add(strategy.Name, own);
        }

        return document.Count > 0 ? document : null;
    }

    public override string? Show(RunOptions options) => null;

    private static RunOptions Apply(RunOptions options, IEnumerable<string> words)
    {
        var assignments = options.Strategies.Select(_ => new List<string>()).ToArray();
        var unused = new List<string>();
        foreach (string word in words)
        {
            (string? strategy, string assignment) = Split(word);
            int[] owners = strategy is null ? Owners(options.Strategies, assignment) : NamedBy(options.Strategies, strategy);
            if (owners.Length == 0) unused.Add(word);
            foreach (int owner in owners) assignments[owner].Add(assignment);
        }

        RunOptions result = options.With([.. options.Strategies.Select((strategy, i) => OptionAssignment.Apply(strategy, assignments[i]))]);
        return unused.Count == 0
            ? result
            : throw new NotApplicableException($"{string.Join(", ", unused)} is not used: the strategy of this run is {Names(options.Strategies)}", result);
    }

    /// <summary>The strategies that an assignment without a strategy's name is for.</summary>
    private static int[] Owners(IReadOnlyList<StrategyOptions> strategies, string assignment)
    {
        // What is wrong with it says the only strategy there is.
        if (strategies.Count == 1) return [0];
        string name = assignment.Split('=')[0].Trim();
        (int Index, AssignableOption Option)[] owners = [.. strategies.SelectMany((strategy, index) => OptionAssignment.List(strategy)
            .Where(option => string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(option => (index, option)))];
        if (owners.Length == 0)
        {
            string[] known = [.. strategies.SelectMany(OptionAssignment.List).Select(option => option.Name).Distinct()];
            throw new FormatException(known.Length == 0
                ? $"got '{assignment}', but none of the strategies {Names(strategies)} has options"
                : $"expected an option of {Names(strategies)}, which have {string.Join(", ", known)}; got '{name}'{Spelling.Hint(name, known)}");
        }

        if (owners.Length > 1 && owners.Any(owner => owner.Option.IsOwn))
        {
            string[] forms = [.. owners.Select(owner => $"{strategies[owner.Index].Name}:{owner.Option.Name}=VALUE")];
            throw new FormatException($"several strategies have an option of their own called '{name}': write {string.Join(" or ", forms)}");
        }

        return [.. owners.Select(owner => owner.Index)];
    }

    private static int[] NamedBy(IReadOnlyList<StrategyOptions> strategies, string name)
    {
        string[] known = [.. StrategyCatalog.All.Select(entry => entry.Name)];
        if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new FormatException($"unknown strategy '{name}'{Spelling.Hint(name, known)}; expected one of {string.Join(", ", known)}");
        return [.. Enumerable.Range(0, strategies.Count).Where(i => string.Equals(strategies[i].Name, name, StringComparison.OrdinalIgnoreCase))];
    }

    // Only what stands before the equals sign: values may have colons.
    private static (string? Strategy, string Assignment) Split(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && (equals < 0 || colon < equals) ? (word[..colon].Trim(), word[(colon + 1)..]) : (null, word);
    }

    /// <summary>Whether the config file has the value of an option under the key of another flag.</summary>
    private bool HasFlag(RunOptions options, StrategyOptions strategy, AssignableOption option) => strategy switch
    {
        SelectiveOptions => _flagged.Contains(option.Name) && Agree(options, option.Name),
        JointOptions => option.Name is SettingCatalog.HeadRateOption or SettingCatalog.ReductionOption && Agree(options, option.Name),
        _ => option.Name is SettingCatalog.HeadRateOption or SettingCatalog.GradientsOption && Agree(options, option.Name),
    };

    private static bool Agree(RunOptions options, string name) => options.Strategies
        .SelectMany(OptionAssignment.List).Where(option => option.Name == name).Select(option => option.Value).Distinct().Count() <= 1;

    private static string Names(IReadOnlyList<StrategyOptions> strategies) => string.Join(", ", strategies.Select(strategy => strategy.Name));

    private static string Words(JsonNode? value) => value switch
    {
        null => "none",
        JsonArray list when list.Any(item => item is JsonArray) => string.Join(';', list.Select(Words)),
        JsonArray list => string.Join(',', list.Select(Words)),
        _ => value.ToString(),
    };
}
