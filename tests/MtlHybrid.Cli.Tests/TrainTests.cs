using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

public class TrainTests(TrainingFixture fixture)
{
    [Fact]
    public void A_run_folder_has_all_its_files_and_no_temporary_ones()
    {
        string[] files = [.. Directory.GetFileSystemEntries(fixture.Run).Select(path => Path.GetFileName(path)!).Order()];

        Assert.Equal(["affinity.csv", "config.json", "groups.jsonl", "metrics.csv", "model.json", "result.json", "weights.safetensors"], files);
    }

    [Fact]
    public void The_config_of_a_run_repeats_it_to_the_bit()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["again"]).MustSucceed();

        foreach (string file in new[] { "weights.safetensors", "config.json", "affinity.csv", "groups.jsonl", "model.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(fixture.Run, file)), File.ReadAllBytes(Path.Combine(folder["again"], file)));
    }

    [Fact]
    public void Diagnostics_are_in_a_table_and_the_result_and_change_nothing()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "train", "--config", Path.Combine(fixture.Run, "config.json"), "--diagnostics", "2", "--out", folder["run"], "--json").MustSucceed();

        Assert.Equal(File.ReadAllBytes(Path.Combine(fixture.Run, "weights.safetensors")), File.ReadAllBytes(Path.Combine(folder["run"], "weights.safetensors")));
        string[] lines = File.ReadAllLines(Path.Combine(folder["run"], "diagnostics.csv"));
        Assert.Equal(7, lines.Length);
        Assert.EndsWith("norm:sum,norm:sign,norm:third,weight:sum,weight:sign,weight:third", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
        JsonNode gradients = invocation.Json["gradients"]!;
        Assert.InRange((double)gradients["conflictShare"]!, 0, 1);
        Assert.Equal(3, gradients["cosines"]!.AsArray().Count);
        Assert.Equal((long)gradients["batches"]!, lines.Skip(1).Sum(line => long.Parse(line.Split(',')[1])));

        Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["run"]).MustSucceed();
        Assert.False(File.Exists(Path.Combine(folder["run"], "diagnostics.csv")));
    }

    [Fact]
    public void A_trace_is_written_beside_the_run_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run(
            "train", "--config", Path.Combine(fixture.Run, "config.json"), "--trace", folder["trace.json"], "--out", folder["run"]).MustSucceed();

        foreach (string file in new[] { "weights.safetensors", "config.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(fixture.Run, file)), File.ReadAllBytes(Path.Combine(folder["run"], file)));
        JsonArray events = JsonNode.Parse(File.ReadAllText(folder["trace.json"]))!.AsArray();
        Assert.All(events, item => Assert.Equal("X", (string)item!["ph"]!));
        string[] names = [.. events.Select(item => (string)item!["name"]!).Distinct()];
        foreach (string name in new[] { "begin_batch", "group", "forward", "losses", "backward", "affinity", "step", "linear", "evaluate" })
            Assert.Contains(name, names);
    }

    [Fact]
    public void A_trace_that_cannot_be_written_is_refused_before_the_work()
    {
        using var folder = new TemporaryFolder();
        string trace = Path.Combine(folder["none"], "trace.json");

        Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--trace", trace, "--out", folder["run"])
            .MustFail(ExitCode.BadDataOrFile, $"--trace {trace}: cannot write there");

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--seed", "1", "--out", folder["again"]).MustSucceed();

        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(fixture.Run, "weights.safetensors")), File.ReadAllBytes(Path.Combine(folder["again"], "weights.safetensors")));
    }

    [Fact]
    public void Json_is_one_document_with_scores_and_groups()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["run"], "--json").MustSucceed();

        JsonNode document = invocation.Json;
        Assert.Equal("completed", (string)document["stopReason"]!);
        Assert.Equal(6, (int)document["epochs"]!);
        Assert.Equal(["sum", "sign", "third"], document["test"]!.AsArray().Select(task => (string)task!["task"]!));
        Assert.Equal(["regression", "binary", "multi-class"], document["test"]!.AsArray().Select(task => (string)task!["kind"]!));
        Assert.True((double)document["test"]![0]!["metrics"]!["rmse"]! > 0);
        Assert.Equal(
            ["sign", "sum", "third"], document["groups"]!.AsArray().SelectMany(group => group!.AsArray().Select(task => (string)task!)).Order());
        Assert.Equal(
            document["test"]!.ToJsonString(), JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "result.json")))!["test"]!.ToJsonString());
    }

    [Fact]
    public void Redirected_output_has_tables_without_escape_codes()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["run"]).MustSucceed();

        Assert.DoesNotContain('\u001b', invocation.Output + invocation.Error);
        Assert.Contains("test rows, regression", invocation.Output, StringComparison.Ordinal);
        Assert.Contains("groups at the end:", invocation.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 6/6", invocation.Error, StringComparison.Ordinal);
        Assert.All(invocation.Output.Split('\n'), line => Assert.Equal(line.TrimEnd('\r', ' '), line.TrimEnd('\r')));
    }

    [Fact]
    public void Quiet_leaves_the_results_alone()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["run"], "--quiet").MustSucceed();

        Assert.Equal("", invocation.Error);
        Assert.Contains("test rows, regression", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_task_works_and_is_noted()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("train", "--data", folder.WriteTable(), "--targets", "sum", "--epochs", "1", "--out", folder["run"]).MustSucceed();

        Assert.Contains("note: there is one task", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_cut_and_noted()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--epochs", "1", "--batch-size", "5000", "--out", folder["run"]).MustSucceed();

        Assert.Contains("note: the batch size 5000 was reduced to the 72 training rows", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_column_is_dropped_and_noted()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();
        string table = folder.Write("table.csv", "x,same,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},7,{i * 0.5}\n")));

        Invocation invocation = Invocation.Run("train", "--data", table, "--targets", "y", "--epochs", "1", "--out", folder["run"]).MustSucceed();

        Assert.Contains("same", invocation.Error, StringComparison.Ordinal);
        Assert.Contains("constant", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_inputs_and_labels_are_no_errors()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();
        string table = folder.Write("table.csv", "x,y,z\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 7 == 0 ? "NaN" : i)},{i * 0.5},{(i % 3 == 0 ? "" : i)}\n")));

        Invocation.Run("train", "--data", table, "--targets", "y,z", "--epochs", "2", "--out", folder["run"]).MustSucceed();
    }

    [Fact]
    public void A_run_that_diverges_fails_and_keeps_what_was_best()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--optimizer", "sgd", "--lr", "1e30", "--epochs", "5", "--out", folder["run"]);

        Assert.Equal(ExitCode.Failed, invocation.ExitCode);
        Assert.Contains("error: a loss was no longer finite", invocation.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["run"], "weights.safetensors")));
    }

    [Fact]
    public void Groups_can_be_given_by_name()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,sign,difference", "--groups", "sum,sign;difference",
            "--warmup-batches", "0", "--epochs", "3", "--out", folder["run"]).MustSucceed();

        Assert.Contains("groups at the end: {sum, sign} {difference}", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_groups_may_overlap()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,sign,difference", "--groups", "sum,sign;sign,difference",
            "--epochs", "3", "--out", folder["run"]).MustSucceed();

        Assert.Contains("groups at the end: {sum, sign} {sign, difference}", invocation.Output, StringComparison.Ordinal);
        Assert.Equal("""[["sum","sign"],["sign","difference"]]""", JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "result.json")))!["groups"]!.ToJsonString());
        Assert.Equal(
            """[["sum","sign"],["sign","difference"]]""", JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "config.json")))!["groups"]!.ToJsonString());
    }

    [Theory]
    [InlineData("hierarchical", "--group-threshold", "-0.5")]
    [InlineData("spectral", "--group-count", "2")]
    [InlineData("cover", "--max-groups", "2")]
    [InlineData("conflict-colouring", "--group-threshold", "0")]
    public void Every_grouping_trains(string grouping, string option, string value)
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation.Run(
            "train", "--data", folder.WriteTable(), "--targets", "sum,sign,difference", "--grouping", grouping, option, value,
            "--warmup-batches", "2", "--steps", "40", "--out", folder["run"]).MustSucceed();

        Assert.True(File.ReadAllLines(Path.Combine(folder["run"], "groups.jsonl")).Length > 1, "the groups never changed");
    }

    [Theory]
    [InlineData("sum,sum;difference")]
    [InlineData("sum;sign")]
    [InlineData("sum")]
    public void Groups_that_do_not_fit_the_tasks_are_refused(string groups)
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();

        Invocation.Run("train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--groups", groups, "--epochs", "1", "--out", folder["run"])
            .MustFail(ExitCode.WrongUsage, "--groups");
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_second_run_replaces_the_first()
    {
        NativeLibrary.Need();
        using var folder = new TemporaryFolder();
        string table = folder.WriteTable();
        Invocation.Run("train", "--data", table, "--targets", "sum,difference", "--epochs", "1", "--out", folder["run"]).MustSucceed();

        Invocation.Run("train", "--data", table, "--targets", "sum,difference", "--strategy", "joint", "--epochs", "1", "--out", folder["run"]).MustSucceed();

        Assert.Contains("\"joint\"", File.ReadAllText(Path.Combine(folder["run"], "config.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder["run"], "affinity.csv")));
    }
}
