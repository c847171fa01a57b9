using System.Text.Json.Nodes;
using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Tests;

public class StrategiesTests
{
    [Fact]
    public void The_list_has_every_strategy_with_its_title_and_needs()
    {
        string output = Invocation.Run("strategies").MustSucceed().Output;

        Assert.All(StrategyCatalog.All, entry => Assert.Contains(
            output.Split('\n'), line => line.StartsWith(entry.Name + " ", StringComparison.Ordinal) && line.Contains($" {entry.Title} ", StringComparison.Ordinal)));
        Assert.Contains("group losses", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_as_json_is_in_the_same_order()
    {
        JsonNode document = Invocation.Run("strategies", "--json").MustSucceed().Json;

        Assert.Equal(StrategyCatalog.All.Select(entry => entry.Name), document["strategies"]!.AsArray().Select(entry => (string)entry!["name"]!));
        Assert.All(document["strategies"]!.AsArray(), entry => Assert.Equal(["name", "title", "needs", "summary"], entry!.AsObject().Select(member => member.Key)));
    }

    [Fact]
    public void Every_strategy_tells_its_facts_and_all_its_options()
    {
        foreach (StrategyDescription entry in StrategyCatalog.All)
        {
            string output = Invocation.Run("strategies", entry.Name).MustSucceed().Output;
            JsonNode document = Invocation.Run("strategies", entry.Name.ToUpperInvariant(), "--json").MustSucceed().Json;

            Assert.Contains(entry.Title, output, StringComparison.Ordinal);
            Assert.Equal(entry.Rule, (string)document["rule"]!);
            Assert.Equal(entry.Source, (string)document["source"]!);
            string[] options = [.. document["options"]!.AsArray().Select(option => (string)option!["name"]!)];
            Assert.Equal(OptionAssignment.List(entry.Defaults).Select(option => option.Name), options);
            Assert.All(options, option => Assert.Contains($"\n{option} ", output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Defaults_have_their_json_types()
    {
        JsonArray options = Invocation.Run("strategies", "selective", "--json").MustSucceed().Json["options"]!.AsArray();

        Assert.Equal("0.001", Default("decay"));
        Assert.Equal("100", Default("warmup-batches"));
        Assert.Equal("false", Default("official-code"));
        Assert.Equal("\"random\"", Default("order"));
        Assert.Equal("null", Default("preference"));

        string Default(string name) => options.Single(option => (string)option!["name"]! == name)!["default"]?.ToJsonString() ?? "null";
    }

    [Fact]
    public void The_page_of_the_documentation_is_that_of_this_version()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "strategies.md")).ReplaceLineEndings("\n");
        const string Start = "<!-- from here on: mtl strategies --markdown -->\n\n";

        int start = page.IndexOf(Start, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/strategies.md has no line {Start}");
        string written = page[(start + Start.Length)..];
        string now = Invocation.Run("strategies", "--markdown").MustSucceed().Output.ReplaceLineEndings("\n");
        int same = written.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            written == now,
            $"docs/strategies.md is not what this version has; replace all below the mark by the output of 'mtl strategies --markdown'. It differs from: {now[Math.Max(0, same - 60)..Math.Min(now.Length, same + 60)]}");
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MtlHybrid.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    }

    [Fact]
    public void An_unknown_strategy_is_refused_with_a_guess_and_the_list() =>
        Invocation.Run("strategies", "selektive").MustFail(ExitCode.WrongUsage, "unknown strategy 'selektive' (did you mean 'selective'?); expected one of joint, ");

    [Fact]
    public void Two_names_are_one_too_many() => Invocation.Run("strategies", "joint", "selective").MustFail(ExitCode.WrongUsage, "selective");
}
