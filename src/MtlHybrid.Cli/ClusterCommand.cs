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

    private readonly Option<int> _count = Flags.Of(
        "--group-count", Formats.Integer, "number of groups, for spectral [default: where the gap between eigenvalues is largest]", 0);

    private readonly Option<int> _most = Flags.Of(
        "--max-groups", Formats.Integer, "most groups, for cover [default: about the root of the number of tasks, at least 2] and spectral", 0);

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
                "mtl cluster run/affinity.csv --method cover --max-groups 3",
                "mtl cluster cosines.csv --method conflict-colouring --json",
            ],
            Notes =
            [
                "In two stages: mtl train --out pilot writes pilot/affinity.csv, mtl cluster makes groups of it, and mtl train --groups \"A,B;B,C\" trains "
                + "with them. Groups of cover may overlap; a task in several groups is updated with each.",
                "The score of cover is the sum over tasks of the mean affinity that a task receives from the others of its best group.",
                "--json prints task indices, from 0, as {\"groups\":[[0,1],[2]]}, and the score of cover.",
            ],
        };
        command.Add(_file);
        command.AddTopic("Clustering", _method, _preference, _threshold, _count, _most, _normalize, _seed);
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        AffinityMatrix affinity = AffinityMatrix.ReadCsv(parse.GetRequiredValue(_file));
        NoteUnused(parse);
        GroupingResult result = Group(affinity, parse);
        if (result.Remark is { } remark) terminal.Note(remark);
        if (terminal.Json)
            terminal.Write(ToJson(result), indented: false);
        else
            Print(result, affinity.TaskNames);
        return ExitCode.Done;
    }

    private GroupingResult Group(AffinityMatrix affinity, ParseResult parse)
    {
        try
        {
            return GroupingCatalog.Create(Options(parse)).Group(affinity.Values, previous: null, parse.GetValue(_seed));
        }
        catch (InvalidOptionException e)
        {
            string flag = e.Option switch
            {
                nameof(SpectralClusteringOptions.Groups) => _count.Name,
                nameof(SpectralClusteringOptions.MaxGroups) => _most.Name,
                nameof(GroupingOptions.Method) => _method.Name,
                _ => e.Option,
            };
            throw new UsageException(e.CalledBy(flag).Message);
        }
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
            Spectral = new SpectralClusteringOptions { Normalization = normalization, Groups = Given(parse, _count), MaxGroups = Given(parse, _most) },
            Cover = new CoverSearchOptions { Normalization = normalization, MaxGroups = Given(parse, _most) },
            ConflictColouring = new ConflictColouringOptions { Normalization = normalization, Threshold = threshold },
        };
    }

    private static int? Given(ParseResult parse, Option<int> option) => IsGiven(parse, option) ? parse.GetValue(option) : null;

    private static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private void NoteUnused(ParseResult parse)
    {
        (Option Option, string[] Methods)[] owners =
        [
            (_preference, ["affinity-propagation"]),
            (_threshold, ["hierarchical", "conflict-colouring"]),
            (_count, ["spectral"]),
            (_most, ["cover", "spectral"]),
        ];
        foreach ((Option option, string[] methods) in owners)
        {
            if (IsGiven(parse, option) && !methods.Contains(parse.GetRequiredValue(_method)))
                terminal.Note($"{option.Name} is not used: it belongs to --method {string.Join(" and ", methods)}");
        }
    }

    private void Print(GroupingResult result, IReadOnlyList<string> names)
    {
        for (int group = 0; group < result.Groups.Count; group++)
            terminal.Output.WriteLine($"group {group + 1}: {string.Join(", ", result.Groups[group].Select(task => names[task]))}");
        if (result.Score is { } score) terminal.Output.WriteLine($"score: {NumberText.Of(score)}");
    }

    private static JsonObject ToJson(GroupingResult result)
    {
        var document = new JsonObject
        {
            ["groups"] = new JsonArray([.. result.Groups.Select(group => new JsonArray([.. group.Select(task => (JsonNode?)task)]))]),
        };
        if (result.Score is { } score) document.Add("score", score);
        return document;
    }
}
