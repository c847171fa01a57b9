using System.CommandLine;
using System.CommandLine.Parsing;

namespace MtlHybrid.Cli.Settings;

/// <summary>Connects the formats of values with the command-line parser.</summary>
internal static class Flags
{
    /// <summary>A flag outside the settings of a run.</summary>
    public static Option<T> Of<T>(string name, ValueFormat<T> format, string description, T defaultValue)
        where T : notnull => new(name)
        {
            HelpName = format.Placeholder,
            Description = description,
            CustomParser = result => Parse(result, name, format),
            DefaultValueFactory = _ => defaultValue,
        };

    /// <summary>A flag outside the settings of a run that has no default.</summary>
    public static Option<T> Needed<T>(string name, ValueFormat<T> format, string description)
        where T : notnull => new(name)
        {
            HelpName = format.Placeholder,
            Description = description,
            CustomParser = result => Parse(result, name, format),
            Required = true,
        };

    /// <summary>A flag for options by name: "--option a=1 --option b=2" or "--option a=1 b=2".</summary>
    public static Option<string[]> Assignments(string name, string description) => new(name)
    {
        HelpName = "NAME=VALUE",
        Description = description,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The value of a flag; a wrong one becomes an error of the parse.</summary>
    public static T? Parse<T>(ArgumentResult result, string flag, ValueFormat<T> format)
        where T : notnull
    {
        try
        {
            return format.Parse([.. result.Tokens.Select(token => token.Value)]);
        }
        catch (FormatException e)
        {
            result.AddError($"{flag}: {e.Message}");
            return default;
        }
    }
}
