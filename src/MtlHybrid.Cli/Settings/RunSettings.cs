using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Settings;

/// <summary>The settings of one invocation: defaults, then the config file, then flags.</summary>
internal sealed class RunSettings
{
    private readonly IReadOnlyList<Setting> _settings;
    private readonly Dictionary<string, string> _origins = [];

    private RunSettings(IReadOnlyList<Setting> settings, RunOptions options)
    {
        _settings = settings;
        Options = options;
    }

    public RunOptions Options { get; private set; }

    /// <summary>Merges and checks the settings.</summary>
    /// <param name="settings">The settings of the verb.</param>
    /// <param name="defaults">The options where nothing is said.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="configPath">The config file, if there is one.</param>
    /// <param name="note">Told about keys of the config file that a flag made meaningless.</param>
    /// <exception cref="UsageException">Names the flag or key, what was expected, what came.</exception>
    public static RunSettings Merge(
        IReadOnlyList<Setting> settings, RunOptions defaults, ParseResult parse, string? configPath, Action<string> note)
    {
        var result = new RunSettings(settings, defaults);
        result.RejectExclusiveFlags(parse);
        ConfigFile? config = configPath is null ? null : ConfigFile.Read(configPath, settings, note);
        foreach (Setting setting in settings)
        {
            bool given = setting.IsGiven(parse);
            if (config is not null && config.Has(setting.Name) && (!given || setting.AddsToConfig)) result.ApplyConfig(setting, config, parse, note);
            if (given) result.ApplyFlag(setting, parse, note);
        }

        result.Validate();
        return result;
    }

    /// <summary>Everything the run depends on, as a config file that repeats it.</summary>
    public JsonObject EffectiveConfig()
    {
        var config = new JsonObject();
        foreach (Setting setting in _settings)
            if (setting.ToJson(Options) is { } value) config.Add(setting.Name, value);
        return config;
    }

    /// <summary>A refusal of the library in the words of the command line.</summary>
    public UsageException Explain(InvalidOptionException refusal)
    {
        Setting[] suspects = [.. _settings.Where(setting => setting.Property == refusal.Option)];
        string[] origins = [.. suspects.Select(setting => _origins.GetValueOrDefault(setting.Name)).OfType<string>()];
        // A default can be refused too, when it does not go with what was asked for.
        if (origins.Length == 0 && suspects.Length == 1) origins = [suspects[0].Flag];
        return new UsageException((origins.Length > 0 ? refusal.CalledBy(string.Join(" or ", origins)) : refusal).Message);
    }

    private void ApplyFlag(Setting setting, ParseResult parse, Action<string> note)
    {
        _origins[setting.Name] = setting.Flag;
        try
        {
            Options = setting.ApplyFlag(Options, parse);
        }
        catch (Exception e) when (e is FormatException or InvalidOptionException)
        {
            throw new UsageException($"{setting.Flag}: {e.Message}");
        }
        catch (NotApplicableException e)
        {
            Options = e.Rest ?? Options;
            // One command line serves to compare strategies; what a strategy does not know is said, not refused.
            note(Remark(setting.Flag, e));
        }
    }

    private void ApplyConfig(Setting setting, ConfigFile config, ParseResult parse, Action<string> note)
    {
        if (setting.Replaces is { } other && Find(other).IsGiven(parse)) return;
        string origin = $"{config.Path}: {setting.Name}";
        _origins[setting.Name] = origin;
        try
        {
            Options = setting.ApplyJson(Options, config[setting.Name], config.Folder);
        }
        catch (Exception e) when (e is FormatException or InvalidOptionException)
        {
            throw new UsageException($"{origin}: {e.Message}");
        }
        catch (NotApplicableException e)
        {
            Options = e.Rest ?? Options;
            note(Remark(origin, e));
        }
    }

    private static string Remark(string origin, NotApplicableException e) =>
        e.Rest is null ? $"{origin} is not used: it {e.Message}" : $"{origin}: {e.Message}";

    private void RejectExclusiveFlags(ParseResult parse)
    {
        foreach (Setting setting in _settings)
            if (setting.Replaces is { } other && setting.IsGiven(parse) && Find(other).IsGiven(parse))
                throw new UsageException($"{setting.Flag} and --{other} exclude each other; give one");
    }

    private void Validate()
    {
        if (string.IsNullOrEmpty(Options.Data)) throw new UsageException("--data FILE is needed (or \"data\" in the config file)");
        if (Options.Table.Targets.Count == 0) throw new UsageException("--targets A,B,... is needed (or \"targets\" in the config file)");
        if (Options.Strategies.Any(strategy => strategy is SelectiveOptions { Grouping: "fixed", FixedGroups: null }))
            throw new UsageException($"{_origins.GetValueOrDefault("grouping", "--grouping")} fixed needs --groups \"A,B;C\"");
        try
        {
            Options.Table.Validate();
            Options.Training.Validate();
            foreach (StrategyOptions strategy in Options.Strategies) strategy.Validate();
        }
        catch (InvalidOptionException e)
        {
            throw Explain(e);
        }
    }

    private Setting Find(string name) => _settings.First(setting => setting.Name == name);
}
