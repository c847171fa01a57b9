using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Affinity;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Grouping;

namespace MtlHybrid.Cli;

/// <summary>`mtl cluster`: from an affinity matrix to groups of tasks.</summary>
internal sealed class ClusterCommand(Terminal terminal)
{
    private static readonly string[] Methods = [.. GroupingCatalog.Names.Where(name => name != "fixed")];

    private readonly Argument<string> _file = new("AFFINITY.csv")
    {
        Description = "K lines of K numbers; row = source, column = target; with or without names above and at the left",
    };

    private readonly Option<string> _method = Flags.Of(
        "--method", Formats.OneOf(Methods) with { Placeholder = "NAME" },
        $"how groups are made: {string.Join(", ", Methods)} [default: {Methods[0]}]", Methods[0]);

    private readonly Option<double> _preference = Flags.Of(
        "--preference", Formats.MedianOrNumber, "of affinity propagation: larger values give more groups [default: median]", double.NaN);

    private readonly Option<double> _threshold = Flags.Of(
        "--group-threshold", Formats.Number, "of hierarchical and conflict-colouring: larger values give more groups [default: 0]", 0.0);

    private readonly Option<bool> _normalize = new("--normalize")
    {
        Description = "first divides columns by their diagonal and makes the matrix symmetric, as training does; otherwise the numbers are similarities already",
    };

    private readonly Option<ulong> _seed = Flags.Of("--seed", Formats.Seed, "seed of what breaks ties [default: 0]", 0UL);

    public static Command Create(Terminal terminal) => new ClusterCommand(terminal).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("cluster", "groups tasks by an affinity matrix")
        {
            Examples =
            [
                "mtl cluster run/affinity.csv --normalize",
                "mtl cluster run/affinity.csv --normalize --method hierarchical",
                "mtl cluster cosines.csv --method conflict-colouring --json",
            ],
            Notes = ["--json prints task indices, from 0, as {\"groups\":[[0,1],[2]]}."],
        };
        command.Add(_file);
        command.AddTopic("Clustering", _method, _preference, _threshold, _normalize, _seed);
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        AffinityMatrix affinity = AffinityMatrix.ReadCsv(parse.GetRequiredValue(_file));
        NoteUnused(parse);
        GroupingResult result = GroupingCatalog.Create(Options(parse)).Group(affinity.Values, previous: null, parse.GetValue(_seed));
        if (result.Remark is { } remark) terminal.Note(remark);
        if (terminal.Json)
            terminal.Write(new JsonObject { ["groups"] = ToJson(result.Groups) }, indented: false);
        else
            Print(result.Groups, affinity.TaskNames);
        return ExitCode.Done;
    }

    private GroupingOptions Options(ParseResult parse)
    {
        AffinityNormalization normalization = parse.GetValue(_normalize) ? AffinityNormalization.SelfAffinity : AffinityNormalization.None;
        double preference = parse.GetValue(_preference), threshold = parse.GetValue(_threshold);
        return new GroupingOptions
        {
            Method = parse.GetRequiredValue(_method),
            AffinityPropagation = new AffinityPropagationOptions
            {
                Normalization = normalization,
                Preference = double.IsNaN(preference) ? null : preference,
            },
            Hierarchical = new HierarchicalClusteringOptions { Normalization = normalization, Threshold = threshold },
            ConflictColouring = new ConflictColouringOptions { Normalization = normalization, Threshold = threshold },
        };
    }

    private void NoteUnused(ParseResult parse)
    {
        (Option Option, string[] Methods)[] owners =
        [
            (_preference, ["affinity-propagation"]),
            (_threshold, ["hierarchical", "conflict-colouring"]),
        ];
        foreach ((Option option, string[] methods) in owners)
        {
            if (parse.GetResult(option) is { Implicit: false } && !methods.Contains(parse.GetRequiredValue(_method)))
                terminal.Note($"{option.Name} is not used: it belongs to --method {string.Join(" and ", methods)}");
        }
    }

    private void Print(TaskGroups groups, IReadOnlyList<string> names)
    {
        for (int group = 0; group < groups.Count; group++)
            terminal.Output.WriteLine($"group {group + 1}: {string.Join(", ", groups[group].Select(task => names[task]))}");
    }

    private static JsonArray ToJson(TaskGroups groups) =>
        new([.. groups.Select(group => new JsonArray([.. group.Select(task => (JsonNode?)task)]))]);
}
