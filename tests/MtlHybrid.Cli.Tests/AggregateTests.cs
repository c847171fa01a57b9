using System.Text.Json.Nodes;

namespace MtlHybrid.Cli.Tests;

public class AggregateTests
{
    private const string Jacobian = "-4,1,1\n6,1,1\n";

    [Fact]
    public void Json_has_direction_and_weights_and_nothing_else()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("aggregate", folder.Write("j.csv", Jacobian), "--method", "mean", "--json").MustSucceed();

        Assert.Equal("{\"direction\":[1,1,1],\"weights\":[0.5,0.5]}", invocation.Output.Trim());
        Assert.Equal("", invocation.Error);
    }

    [Fact]
    public void Numbers_are_printed_for_people()
    {
        using var folder = new TemporaryFolder();

        string output = Invocation.Run("aggregate", folder.Write("j.csv", "task\n" + "1\n" + "-0.5\n"), "--method", "Sum").MustSucceed().Output;

        Assert.Equal("weights: 1.000, 1.000\ndirection: 0.5000\n", output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("pcgrad", 0.5848, 3.8012)]
    [InlineData("gradvac", 0.5848, 3.8012)]
    [InlineData("mean", 1, 1)]
    [InlineData("sum", 2, 2)]
    public void Directions_are_the_published_ones(string method, double first, double others)
    {
        using var folder = new TemporaryFolder();

        JsonNode result = Invocation.Run("aggregate", folder.Write("j.csv", Jacobian), "--method", method, "--json").MustSucceed().Json;

        Assert.All(
            result["direction"]!.AsArray().Zip((double[])[first, others, others]),
            pair => Assert.True(Math.Abs(pair.First!.GetValue<double>() - pair.Second) <= 1e-4, result.ToJsonString()));
        Assert.Equal(2, result["weights"]!.AsArray().Count);
    }

    [Fact]
    public void A_method_without_weights_has_a_direction_only_and_draws_by_the_seed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("j.csv", Jacobian);
        string[] outputs = [.. Enumerable.Range(0, 20).Select(seed =>
            Invocation.Run("aggregate", path, "--method", "graddrop", "--seed", $"{seed}", "--json").MustSucceed().Output.Trim())];

        Assert.All(outputs, output => Assert.True(output is "{\"direction\":[6,2,2]}" or "{\"direction\":[-4,2,2]}", output));
        Assert.Equal(2, outputs.Distinct().Count());
        Assert.Equal(outputs[3], Invocation.Run("aggregate", path, "--method", "graddrop", "--seed", "3", "--json").MustSucceed().Output.Trim());
    }

    [Theory]
    [InlineData("FILE --method krum --option byzantine=1 --option selected=4 --json")]
    [InlineData("FILE --method krum --option byzantine=1 selected=4 --json")]
    [InlineData("--json --method krum --option selected=4 FILE")]
    [InlineData("--option selected=4 --method krum --json FILE")]
    public void Options_may_stand_anywhere(string arguments)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("j.csv", "1,1,1\n1,0,1\n75,-666,23\n1,2,3\n2,0,1\n");

        Assert.Equal(
            "{\"direction\":[1.25,0.75,1.5],\"weights\":[0.25,0.25,0,0.25,0.25]}",
            Invocation.Run(["aggregate", .. arguments.Replace("FILE", path).Split(' ')]).MustSucceed().Output.Trim());
    }

    [Fact]
    public void What_a_method_has_to_say_is_a_note()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("aggregate", folder.Write("j.csv", Jacobian), "--method", "krum", "--json").MustSucceed();

        Assert.Contains("note: krum", invocation.Error);
        Assert.Equal("{\"direction\":[-4,1,1],\"weights\":[1,0]}", invocation.Output.Trim());
    }

    [Theory]
    [InlineData("1,2\n3\n", "line 2: expected 2 values")]
    [InlineData("1,a\n2,1\n", "line 1, column '2': expected a finite number, got 'a'")]
    [InlineData("1,2\nNaN,1\n", "line 2, column '1': expected a finite number, got 'NaN'")]
    [InlineData("1,2\n3,inf\n", "line 2, column '2': expected a finite number, got 'inf'")]
    [InlineData("a,b\n", "there is none below the header")]
    [InlineData("", "the file is empty")]
    public void What_is_no_matrix_of_numbers_is_refused(string text, string message)
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("aggregate", folder.Write("j.csv", text), "--method", "sum").MustFail(ExitCode.BadDataOrFile, "j.csv", message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Invocation.Run("aggregate", "nowhere.csv", "--method", "sum").MustFail(ExitCode.BadDataOrFile, "nowhere.csv");

    [Theory]
    [InlineData("j.csv", "--method")]
    [InlineData("j.csv --method summ", "--method: expected sum, mean", "got 'summ' (did you mean 'sum'?)")]
    [InlineData("j.csv --method sum --option a=1", "options of sum must be left out, since it has none; got 'a=1'")]
    [InlineData("j.csv --method krum --option selcted=2", "an option of krum must be one of byzantine, selected; got 'selcted' (did you mean 'selected'?)")]
    [InlineData("j.csv --method krum --option selected=none", "option 'selected' of krum must be a whole number; got 'none'")]
    [InlineData("j.csv --method krum --option selected=0", "option 'selected' of krum must be at least 1; got 0")]
    [InlineData("j.csv --method graddrop --option leak=NaN", "option 'leak' of graddrop must be a finite number; got 'NaN'")]
    [InlineData("j.csv --method pcgrad --option gradient-memory=1", "options of pcgrad must be left out, since it has none; got 'gradient-memory'")]
    [InlineData("j.csv --method sum --seed -1", "--seed: expected a whole number, at least 0; got '-1'")]
    [InlineData("j.csv --method sum --sed 1", "unknown option '--sed' (did you mean '--seed'?)")]
    [InlineData("j.csv k.csv --method sum", "'k.csv' is not expected here")]
    [InlineData("--method sum", "JACOBIAN.csv is needed")]
    public void Wrong_usage_is_explained_before_the_file_is_read(string arguments, params string[] messages) =>
        Invocation.Run(["aggregate", .. arguments.Split(' ')]).MustFail(ExitCode.WrongUsage, messages);
}
