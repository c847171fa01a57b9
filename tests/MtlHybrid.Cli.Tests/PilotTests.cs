using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

public class PilotTests
{
    [Fact]
    public void A_pilot_prints_scores_costs_groups_and_a_verdict_and_writes_its_folder()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Pilot(folder, "--seeds", "1").MustSucceed();

        foreach (string text in new[] { "Joint", "delta-m", "optimizer", "Final groups of Selective", $"report: {folder["pilot"]}" })
            Assert.Contains(text, invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', invocation.Output + invocation.Error);
        Assert.Equal(
            ["config.json", "pilot.json", "report.html"], Directory.GetFileSystemEntries(folder["pilot"]).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public void Json_is_the_content_of_pilot_json()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Pilot(folder, "--seeds", "1", "--json").MustSucceed();

        Assert.Equal(JsonNode.Parse(File.ReadAllText(Path.Combine(folder["pilot"], "pilot.json")))!.ToJsonString(), invocation.Json.ToJsonString());
    }

    [Fact]
    public void Many_strategies_make_a_ranking_with_their_options_and_diagnostics()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Pilot(
            folder, "--seeds", "1", "--strategies", "selective,scale-invariant,rlw,uw,imtl-l,dwa,gls,famo", "--option", "famo:gamma=0.5", "--diagnostics", "3").MustSucceed();

        foreach (string text in new[] { "All contestants, best delta-m first", "FAMO", "IMTL-L", "more contestants in", "Task gradients" })
            Assert.Contains(text, invocation.Output, StringComparison.Ordinal);
        JsonNode document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["pilot"], "pilot.json")))!;
        JsonArray contestants = document["contestants"]!.AsArray();
        Assert.Equal(11, contestants.Count);
        Assert.Equal(0.5, (double)contestants.Single(c => (string)c!["id"]! == "famo")!["strategy"]!["gamma"]!);
        Assert.Null(contestants.Single(c => (string)c!["id"]! == "single-task")!["gradients"]);
        Assert.All(contestants.Where(c => (string)c!["id"]! != "single-task"), c => Assert.InRange((double)c!["gradients"]!["magnitudeSimilarity"]!, 0, 1));
        Assert.Contains("Task gradients: do the tasks pull together?", File.ReadAllText(Path.Combine(folder["pilot"], "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_count_up_from_the_seed()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        JsonNode document = Pilot(folder, "--seed", "7", "--seeds", "2", "--json").MustSucceed().Json;

        Assert.Equal([7, 8], document["setting"]!["seeds"]!.AsArray().Select(seed => (int)seed!));
    }

    [Fact]
    public void One_task_is_nothing_to_compare()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation.Run("pilot", "--data", folder.WriteTable(), "--targets", "sum", "--out", folder["pilot"]).MustFail(ExitCode.BadDataOrFile, "at least two");

        Assert.False(Directory.Exists(folder["pilot"]));
    }

    private static Invocation Pilot(TemporaryFolder folder, params string[] options) => Invocation.Run(
        ["pilot", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "2", "--hidden", "8", "--threads", "1", .. options, "--out", folder["pilot"]]);
}
