namespace MtlHybrid.Cli.Tests;

/// <summary>The program as others see it: exit codes and streams of a process.</summary>
public class ProcessTests(TrainingFixture fixture)
{
    [Fact]
    public void Help_ends_with_0_and_has_no_escape_codes()
    {
        Invocation invocation = MtlProgram.Run("--help").MustSucceed();

        Assert.Contains("Usage: mtl COMMAND", invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', invocation.Output);
    }

    [Fact]
    public void Wrong_usage_ends_with_2() => MtlProgram.Run("train", "--nonsense").MustFail(ExitCode.WrongUsage, "unknown option '--nonsense'");

    [Fact]
    public void A_bad_file_ends_with_3() => MtlProgram.Run("cluster", "nowhere.csv").MustFail(ExitCode.BadDataOrFile, "nowhere.csv");

    [Fact]
    public void Json_is_the_only_thing_on_the_output()
    {
        using var folder = new TemporaryFolder();

        Invocation invocation = MtlProgram.Run("train", "--config", Path.Combine(fixture.Run, "config.json"), "--out", folder["run"], "--json").MustSucceed();

        Assert.Equal("completed", (string)invocation.Json["stopReason"]!);
        Assert.Contains("epoch 6/6", invocation.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', invocation.Output + invocation.Error);
    }

    [Fact]
    public void Verbose_shows_where_an_expected_error_came_from()
    {
        Invocation invocation = MtlProgram.Run("cluster", "nowhere.csv", "--verbose");

        Assert.Equal(ExitCode.BadDataOrFile, invocation.ExitCode);
        Assert.Contains("   at MtlHybrid", invocation.Error, StringComparison.Ordinal);
    }
}
