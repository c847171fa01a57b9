using System.CommandLine;
using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Cli.Output;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Cli;

/// <summary>`mtl aggregate`: from task gradients to one update direction.</summary>
internal sealed class AggregateCommand(Terminal terminal)
{
    private static readonly string[] Methods = [.. AggregatorCatalog.All.Select(method => method.Name)];

    private readonly Argument<string?> _file = new("JACOBIAN.csv")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "one line of numbers per task, its gradient; .csv or .csv.gz, with or without a header",
    };

    private readonly Option<string> _method = Flags.Needed("--method", Formats.OneOf(Methods) with { Placeholder = "NAME" }, "how gradients are combined: " + string.Join(", ", Methods));

    private readonly Option<string[]> _options = Flags.Assignments("--option", "an option of the method; may be given several times");

    private readonly Option<ulong> _seed = Flags.Of("--seed", Formats.Seed, "seed of what a method draws at random [default: 0]", 0UL);

    public static Command Create(Terminal terminal) => new AggregateCommand(terminal).Create();

    private VerbCommand Create()
    {
        var command = new VerbCommand("aggregate", "combines given task gradients into one update direction")
        {
            Examples =
            [
                "mtl aggregate jacobian.csv --method pcgrad --seed 7",
                "mtl aggregate jacobian.csv.gz --method krum --option byzantine=2 --option selected=3 --json",
            ],
            Notes =
            [
                "--json prints {\"direction\":[...],\"weights\":[...]} with all digits; there are no weights where the method has none, "
                + "as when it chooses element by element.",
                "The file is a first batch: what a method keeps from batch to batch begins here. Losses count as 1. Methods that need two halves "
                + "of a batch get the same gradients for both.",
                "Options and their defaults: " + string.Join(", ", AggregatorCatalog.All.Where(method => method.Options.Count > 0).Select(method =>
                    $"{method.Name} ({string.Join(" ", method.Options.Select(option => $"{option.Name}={option.Value}"))})")) + ".",
            ],
        };
        command.Add(_file);
        command.AddTopic("Method", _method, _options, _seed);
        command.AddTopic("Output", VerbCommand.JsonOption());
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        AggregatorMethod method = AggregatorCatalog.Find(parse.GetRequiredValue(_method));
        (string file, string[] options) = FileAndOptions(parse);
        method.Check(options);
        Matrix<double> jacobian = JacobianCsv.Read(file);
        AggregationResult result = method.Run(jacobian, options, parse.GetValue(_seed));
        if (result.Remark is { } remark) terminal.Note(remark);
        if (terminal.Json) terminal.Write(ToJson(result), indented: false);
        else Print(result);
        return ExitCode.Done;
    }

    // --option takes all words that follow; one of them may be the file.
    private (string File, string[] Options) FileAndOptions(ParseResult parse)
    {
        string[] words = parse.GetValue(_options) ?? [];
        if (parse.GetValue(_file) is { } file) return (file, words);
        int index = Array.FindIndex(words, word => !word.Contains('='));
        return index >= 0
            ? (words[index], [.. words[..index], .. words[(index + 1)..]])
            : throw new UsageException("JACOBIAN.csv is needed: the file with the gradients");
    }

    private void Print(AggregationResult result)
    {
        if (result.Weights is { } weights) terminal.Print($"weights: {Words(weights)}");
        terminal.Print($"direction: {Words(result.Direction)}");
    }

    private static string Words(IReadOnlyList<double> values) => string.Join(", ", values.Select(NumberText.Of));

    private static JsonObject ToJson(AggregationResult result)
    {
        var document = new JsonObject { ["direction"] = ToJson(result.Direction) };
        if (result.Weights is { } weights) document["weights"] = ToJson(weights);
        return document;
    }

    private static JsonArray ToJson(IReadOnlyList<double> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
