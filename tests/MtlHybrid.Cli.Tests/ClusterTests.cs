namespace MtlHybrid.Cli.Tests;

public class ClusterTests
{
    private const string TwoPairs = "1,0.9,0.1,0\n0.9,1,0,0.1\n0.1,0,1,0.8\n0,0.1,0.8,1\n";

    [Fact]
    public void Json_has_the_groups_and_nothing_else()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run("cluster", folder.Write("affinity.csv", TwoPairs), "--json").MustSucceed();

        Assert.Equal("{\"groups\":[[0,1],[2,3]]}", invocation.Output.Trim());
        Assert.Equal("", invocation.Error);
    }

    [Fact]
    public void Groups_are_printed_by_name()
    {
        using var folder = new TemporaryFolder();
        string named = ",fat,water,salt,sugar\n" + string.Join('\n', TwoPairs.Trim().Split('\n').Zip(["fat", "water", "salt", "sugar"], (row, name) => $"{name},{row}"));

        string output = Invocation.Run("cluster", folder.Write("affinity.csv", named)).MustSucceed().Output;

        Assert.Equal("group 1: fat, water\ngroup 2: salt, sugar\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_high_preference_leaves_every_task_alone_and_a_low_one_joins_all()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("affinity.csv", TwoPairs);

        Assert.Equal("{\"groups\":[[0],[1],[2],[3]]}", Invocation.Run("cluster", path, "--preference", "5", "--json").MustSucceed().Output.Trim());
        Assert.Equal("{\"groups\":[[0,1,2,3]]}", Invocation.Run("cluster", path, "--preference", "-50", "--json").MustSucceed().Output.Trim());
    }

    [Fact]
    public void Normalisation_makes_columns_of_different_scale_alike()
    {
        // Tasks 2 and 3 help each other, but their losses move a thousand times less.
        using var folder = new TemporaryFolder();
        string path = folder.Write("affinity.csv", "1,0.9,0,0\n0.9,1,0,0\n0,0,0.001,0.0009\n0,0,0.0009,0.001\n");

        Assert.Equal("{\"groups\":[[0,1],[2,3]]}", Invocation.Run("cluster", path, "--normalize", "--json").MustSucceed().Output.Trim());
    }

    [Theory]
    [InlineData("together", "{\"groups\":[[0,1,2,3]]}")]
    [InlineData("singletons", "{\"groups\":[[0],[1],[2],[3]]}")]
    public void Other_methods_can_be_asked_for(string method, string groups)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(groups, Invocation.Run("cluster", folder.Write("a.csv", TwoPairs), "--method", method, "--json").MustSucceed().Output.Trim());
    }

    [Theory]
    [InlineData("hierarchical", "0.85", "{\"groups\":[[0,1],[2],[3]]}")]
    [InlineData("hierarchical", "0.5", "{\"groups\":[[0,1],[2,3]]}")]
    [InlineData("hierarchical", "-1", "{\"groups\":[[0,1,2,3]]}")]
    [InlineData("conflict-colouring", "0.2", "{\"groups\":[[0,1],[2,3]]}")]
    [InlineData("conflict-colouring", "0", "{\"groups\":[[0,1,2,3]]}")]
    public void Methods_with_a_threshold_take_it(string method, string threshold, string groups)
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = Invocation.Run(
            "cluster", folder.Write("a.csv", TwoPairs), "--method", method, "--group-threshold", threshold, "--json").MustSucceed();

        Assert.Equal(groups, invocation.Output.Trim());
        Assert.Equal("", invocation.Error);
    }

    [Theory]
    [InlineData("", "{\"groups\":[[0,1],[2,3]]}")]
    [InlineData("--group-count 4", "{\"groups\":[[0],[1],[2],[3]]}")]
    [InlineData("--max-groups 1", "{\"groups\":[[0,1,2,3]]}")]
    public void Spectral_clustering_takes_a_number_of_groups(string options, string groups)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(groups, Invocation.Run(
            ["cluster", folder.Write("a.csv", TwoPairs), "--method", "spectral", "--json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            .MustSucceed().Output.Trim());
    }

    [Fact]
    public void The_best_cover_has_a_score_and_may_overlap()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", ",salt,fat,water\nsalt,0,0.5,0.5\nfat,-0.25,0,-0.5\nwater,-0.25,-0.5,0\n");

        Assert.Equal(
            "{\"groups\":[[0,1],[0,2]],\"score\":0.75}", Invocation.Run("cluster", path, "--method", "cover", "--json").MustSucceed().Output.Trim());
        Assert.Equal(
            "group 1: salt, fat\ngroup 2: salt, water\nscore: 0.7500\n",
            Invocation.Run("cluster", path, "--method", "cover").MustSucceed().Output.ReplaceLineEndings("\n"));
        Assert.Equal(
            "{\"groups\":[[0,1,2]],\"score\":-0.25}",
            Invocation.Run("cluster", path, "--method", "cover", "--max-groups", "1", "--json").MustSucceed().Output.Trim());
    }

    [Fact]
    public void Too_many_tasks_for_a_cover_are_refused_with_the_limit()
    {
        using var folder = new TemporaryFolder();
        string row = string.Join(',', Enumerable.Repeat("0", 21));

        Invocation.Run("cluster", folder.Write("a.csv", string.Join('\n', Enumerable.Repeat(row, 21))), "--method", "cover")
            .MustFail(ExitCode.WrongUsage, "--method", "more than 20 tasks", "hierarchical", "21 tasks");
    }

    [Theory]
    [InlineData("cover", "--max-groups", "0")]
    [InlineData("spectral", "--group-count", "-1")]
    [InlineData("spectral", "--max-groups", "0")]
    [InlineData("hierarchical", "--group-threshold", "NaN")]
    [InlineData("conflict-colouring", "--group-threshold", "much")]
    public void Values_out_of_range_are_refused(string method, string option, string value)
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("cluster", folder.Write("a.csv", TwoPairs), "--method", method, option, value).MustFail(ExitCode.WrongUsage, option, value);
    }

    [Fact]
    public void An_option_of_another_method_is_noted()
    {
        using var folder = new TemporaryFolder();

        string notes = Invocation.Run("cluster", folder.Write("a.csv", TwoPairs), "--group-threshold", "0.5").MustSucceed().Error;

        Assert.Contains("--group-threshold is not used: it belongs to --method hierarchical and conflict-colouring", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2\n3\n")]
    [InlineData("1,2\n3,4\n5,6\n")]
    [InlineData("1,a\n2,1\n")]
    [InlineData("1,NaN\n2,1\n")]
    [InlineData("")]
    public void What_is_no_square_matrix_of_numbers_is_refused(string text)
    {
        using var folder = new TemporaryFolder();

        Invocation.Run("cluster", folder.Write("affinity.csv", text)).MustFail(ExitCode.BadDataOrFile, "affinity.csv");
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Invocation.Run("cluster", "nowhere.csv").MustFail(ExitCode.BadDataOrFile, "nowhere.csv");

    [Fact]
    public void An_unknown_method_is_answered_with_the_known_ones() =>
        Invocation.Run("cluster", "a.csv", "--method", "kmeans").MustFail(ExitCode.WrongUsage, "--method: expected affinity-propagation", "got 'kmeans'");
}
