using System.Globalization;

namespace MtlHybrid.Cli.Tests;

/// <summary>What a later process does with a run folder: evaluate, predict, start from its weights.</summary>
public class ModelTests(TrainingFixture fixture)
{
    [Fact]
    public void Predictions_have_one_line_per_row_and_the_columns_of_each_kind()
    {
        string[] lines = Invocation.Run("predict", "--model", fixture.Run, "--data", fixture.Table).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("sum,sign,sign:yes,third,third:high,third:low,third:mid", lines[0]);
        Assert.Equal(120, lines.Length - 1);
        foreach (string line in lines[1..])
        {
            string[] fields = line.Split(',');
            Assert.Equal(7, fields.Length);
            double sum = Number(fields[0]), positive = Number(fields[2]);
            Assert.InRange(sum, -50, 50);
            Assert.Equal(positive >= 0.5 ? "yes" : "no", fields[1]);
            double[] classes = [.. fields[4..].Select(Number)];
            Assert.Equal(1, classes.Sum(), 6);
            Assert.Equal(new[] { "high", "low", "mid" }[Array.IndexOf(classes, classes.Max())], fields[3]);
        }
    }

    [Fact]
    public void Predictions_go_to_a_file_and_are_the_same()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("predict", "--model", fixture.Run, "--data", fixture.Table, "--out", folder["p.csv"]).MustSucceed();

        Assert.Equal(Invocation.Run("predict", "--model", fixture.Run, "--data", fixture.Table).Output, File.ReadAllText(folder["p.csv"]));
        Assert.Equal([folder["p.csv"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Targets_are_not_needed_to_predict()
    {
        using var folder = new TemporaryFolder();

        string output = Invocation.Run("predict", "--model", fixture.Run, "--data", folder.Write("new.csv", "c,b,a\nred,0.1,0.2\ngreen,,1\n")).MustSucceed().Output;

        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void An_input_that_is_missing_is_named()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("predict", "--model", fixture.Run, "--data", folder.Write("new.csv", "a,c\n1,red\n")).MustFail(ExitCode.BadDataOrFile, "new.csv", "'b'");
    }

    [Fact]
    public void Evaluation_prints_tables_and_json()
    {
        Invocation people = Invocation.Run("evaluate", "--model", fixture.Run, "--data", fixture.Table).MustSucceed();
        Invocation machines = Invocation.Run("evaluate", "--model", fixture.Run, "--data", fixture.Table, "--json").MustSucceed();

        Assert.Contains("120 rows, regression", people.Output, StringComparison.Ordinal);
        Assert.Contains("120 rows, two classes", people.Output, StringComparison.Ordinal);
        Assert.Contains("120 rows, several classes", people.Output, StringComparison.Ordinal);
        Assert.Equal(["sum", "sign", "third"], machines.Json["tasks"]!.AsArray().Select(task => (string)task!["task"]!));
        Assert.InRange((double)machines.Json["tasks"]![1]!["metrics"]!["roc_auc"]!, 0.5, 1);
    }

    [Fact]
    public void An_unknown_class_is_named_with_its_place()
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("evaluate", "--model", fixture.Run, "--data", folder.Write("new.csv", "a,b,c,sum,sign,third\n1,1,red,2,maybe,low\n"))
            .MustFail(ExitCode.BadDataOrFile, "new.csv, line 2, column 'sign'", "maybe");
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("model.json")]
    public void A_truncated_or_missing_model_file_is_named(string file)
    {
        using var folder = new TemporaryFolder();
        foreach (string path in Directory.GetFiles(fixture.Run)) File.Copy(path, folder[Path.GetFileName(path)]);
        byte[] whole = File.ReadAllBytes(folder[file]);
        foreach (int length in new[] { 0, 4, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder[file], whole[..length]);
            Invocation.Run("predict", "--model", folder.Path, "--data", fixture.Table).MustFail(ExitCode.BadDataOrFile, file);
        }

        File.Delete(folder[file]);
        Invocation.Run("predict", "--model", folder.Path, "--data", fixture.Table).MustFail(ExitCode.BadDataOrFile, file);
    }

    [Fact]
    public void A_model_that_is_not_there_is_named()
    {
        NativeLibrary.Need();

        Invocation.Run("predict", "--model", "nowhere", "--data", "t.csv").MustFail(ExitCode.BadDataOrFile, "nowhere");
    }

    [Fact]
    public void Training_can_start_from_the_weights_of_a_run()
    {
        using var folder = new TemporaryFolder();
        string weights = Path.Combine(fixture.Run, "weights.safetensors");

        Train(folder, "--init", weights, "--lr", "1e-30", "--epochs", "1").MustSucceed();

        Assert.Equal(File.ReadAllBytes(weights), File.ReadAllBytes(Path.Combine(folder["run"], "weights.safetensors")));
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        using var folder = new TemporaryFolder();

        Train(folder, "--init", Path.Combine(fixture.Run, "weights.safetensors"), "--hidden", "17").MustFail(ExitCode.BadDataOrFile, "weights.safetensors", "trunk");

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Weights_that_are_none_are_refused()
    {
        using var folder = new TemporaryFolder();

        Train(folder, "--init", "").MustFail(ExitCode.WrongUsage, "--init must be the name of a file; got nothing");
        Train(folder, "--init", fixture.Table).MustFail(ExitCode.BadDataOrFile, "table.csv");
        Train(folder, "--init", folder["nowhere.safetensors"]).MustFail(ExitCode.BadDataOrFile, "nowhere.safetensors");
        Assert.False(Directory.Exists(folder["run"]));
    }

    private Invocation Train(TemporaryFolder folder, params string[] options) =>
        Invocation.Run(["train", "--config", Path.Combine(fixture.Run, "config.json"), .. options, "--out", folder["run"]]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
