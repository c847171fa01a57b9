using System.CommandLine;
using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Settings;

/// <summary>One setting of a run: its flag, its key in config files, its line in the help text, and the place in the
/// options that it fills. The flag is the key with two dashes.</summary>
internal abstract class Setting(SettingGroup group, string name, string description, string? property)
{
    public SettingGroup Group { get; } = group;

    public string Name { get; } = name;

    public string Flag => $"--{Name}";

    public string Description { get; } = description;

    /// <summary>Name of the property in the library's options, as error messages call it.</summary>
    public string? Property { get; } = property;

    /// <summary>A setting that this one replaces when it is given as a flag (epochs and steps).</summary>
    public string? Replaces { get; init; }

    /// <summary>The only verb that has it; null: both `train` and `pilot`.</summary>
    public string? Verb { get; init; }

    /// <summary>The value is a file; in a config file it is relative to the folder of that file.</summary>
    public bool IsPath { get; init; }

    /// <summary>The flag adds to the value of the config file instead of replacing it.</summary>
    public virtual bool AddsToConfig => false;

    public abstract Option Option { get; }

    /// <summary>Whether the flag was given.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetResult(Option) is { Implicit: false };

    /// <summary>The options with the value of the flag.</summary>
    /// <exception cref="NotApplicableException">The setting does not belong to the choices made so far.</exception>
    public abstract RunOptions ApplyFlag(RunOptions options, ParseResult parse);

    /// <summary>The options with a value from a config file.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="value">The value.</param>
    /// <param name="folder">Folder of the config file.</param>
    /// <exception cref="FormatException">The value is not of the right form.</exception>
    /// <exception cref="NotApplicableException">The setting does not belong to the choices made so far.</exception>
    public abstract RunOptions ApplyJson(RunOptions options, JsonNode? value, string folder);

    /// <summary>The value in the options, or null where it is unset or does not apply.</summary>
    public abstract JsonNode? ToJson(RunOptions options);

    /// <summary>The value in the options for people; null where it is unset or does not apply.</summary>
    public abstract string? Show(RunOptions options);
}
