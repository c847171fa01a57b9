using System.CommandLine;
using MtlHybrid.Cli.Output;

namespace MtlHybrid.Cli.Settings;

/// <summary>The settings of a verb that trains, together with the options that are not part of a run: --config, --out,
/// --json.</summary>
internal sealed class VerbSettings
{
    private readonly IReadOnlyList<Setting> _settings;

    private readonly Option<string> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "JSON file with settings; keys are the options without dashes, options win over it, and its paths are relative to it",
    };

    private readonly Option<string> _out = new("--out") { HelpName = "DIR", Description = "folder for the results" };

    private readonly Option<string> _trace = new("--trace")
    {
        HelpName = "FILE",
        Description = "writes what the device did and when, for chrome://tracing and ui.perfetto.dev; changes no result",
    };

    private readonly Option<bool> _json = VerbCommand.JsonOption();

    private readonly bool _traces;

    /// <param name="verb">"train" or "pilot".</param>
    public VerbSettings(string verb)
    {
        _settings = [.. SettingCatalog.Create().Where(setting => setting.Verb is null || setting.Verb == verb)];
        // A pilot trains many networks.
        _traces = verb == "train";
    }

    /// <summary>Adds all options to the verb, by topic.</summary>
    public void AddTo(VerbCommand command)
    {
        var defaults = new RunOptions();
        foreach (Setting setting in _settings)
            if (setting.Show(defaults) is { Length: > 0 } value and not "off") setting.Option.Description += $" [default: {value}]";
        foreach (IGrouping<SettingGroup, Setting> topic in _settings.GroupBy(setting => setting.Group))
        {
            Option[] options = [.. topic.Select(setting => setting.Option)];
            command.AddTopic(topic.Key.ToString(), topic.Key == SettingGroup.Run ? [.. options, _config, _out, .. _traces ? [_trace] : Array.Empty<Option>(), _json] : options);
        }
    }

    /// <summary>Merges defaults, config file and flags.</summary>
    public RunSettings Merge(ParseResult parse, Terminal terminal) =>
        RunSettings.Merge(_settings, new RunOptions(), parse, parse.GetValue(_config), terminal.Note);

    /// <summary>The folder for results.</summary>
    /// <exception cref="UsageException">It was not given.</exception>
    public string OutputPath(ParseResult parse) => parse.GetValue(_out) is { Length: > 0 } path ? path : throw new UsageException("--out DIR is needed");

    /// <summary>The file for the trace; null: none is wanted.</summary>
    public string? TracePath(ParseResult parse) => _traces ? parse.GetValue(_trace) : null;
}
