using System.CommandLine;

namespace MtlHybrid.Cli;

/// <summary>A verb, with what its help page shows besides the description.</summary>
internal sealed class VerbCommand(string name, string description) : Command(name, description)
{
    private readonly List<(string Title, IReadOnlyList<Option> Options)> _topics = [];

    /// <summary>Command lines that work.</summary>
    public required string[] Examples { get; init; }

    /// <summary>Paragraphs below the options.</summary>
    public string[]? Notes { get; init; }

    /// <summary>The options by topic, in the order of the help page.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Topics => _topics;

    /// <summary>--json, as every verb with a result has it.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "one JSON document on the output, everything else on the error stream" };

    /// <summary>Adds options under one heading.</summary>
    public void AddTopic(string title, params IReadOnlyList<Option> options)
    {
        _topics.Add((title, options));
        foreach (Option option in options) Add(option);
    }
}
