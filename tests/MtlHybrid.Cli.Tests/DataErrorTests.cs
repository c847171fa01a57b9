using System.Diagnostics;

namespace MtlHybrid.Cli.Tests;

/// <summary>Bad tables: exit code 3, a message that names the place, and no run folder.</summary>
public class DataErrorTests
{
    [Theory]
    [InlineData("", "table.csv: the file is empty")]
    [InlineData("x,y\n", "table.csv: the file has a header but no rows")]
    [InlineData("x,z\n1,2\n2,3\n", "table.csv, column 'y'")]
    [InlineData("x,y\n1,2\nabc,3\n", "table.csv, line 3, column 'x': expected a number, got 'abc'")]
    [InlineData("x,y\n1,\n2,\n", "table.csv, column 'y': the target has no labels at all")]
    [InlineData("x,y\n1,a\n2,a\n", "table.csv, column 'y': the target has one class only, 'a'")]
    [InlineData("x,y\n5,1\n5,2\n5,3\n5,4\n5,5\n5,6\n", "table.csv: no inputs are left")]
    [InlineData("x,y\n1,1\ninf,2\n", "table.csv, line 3, column 'x': expected a finite number, got 'inf'")]
    [InlineData("x,y\n1,1\n2,-inf\n", "table.csv, line 3, column 'y': expected a finite number, got '-inf'")]
    [InlineData("x,x,y\n1,1,1\n", "table.csv, line 1, column 'x': the header has this name twice")]
    [InlineData("x,y\n1,1\n2\n", "table.csv, line 3: expected 2 fields as in the header, got 1")]
    [InlineData("x,y\n1,1\n2,2,2\n", "table.csv, line 3: expected 2 fields as in the header, got 3")]
    public void A_bad_table_is_refused_with_its_place(string table, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("table.csv", table);

        Train(folder, path).MustFail(ExitCode.BadDataOrFile, message);

        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_table_is_named()
    {
        using var folder = new TemporaryFolder();

        Train(folder, folder["nowhere.csv"]).MustFail(ExitCode.BadDataOrFile, "nowhere.csv: there is no such file");
    }

    [Fact]
    public void A_folder_is_no_table()
    {
        using var folder = new TemporaryFolder();

        Train(folder, folder.Path).MustFail(ExitCode.BadDataOrFile, folder.Path);
    }

    [Fact]
    public async Task A_pipe_is_no_table()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("named pipes of Windows are no files");
        using var folder = new TemporaryFolder();
        using (Process mkfifo = Process.Start("mkfifo", [folder["pipe"]])) await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        // A pipe opens when both ends are there.
        Task writer = Task.Run(() => new FileStream(folder["pipe"], FileMode.Open, FileAccess.Write).Dispose(), TestContext.Current.CancellationToken);

        Train(folder, folder["pipe"]).MustFail(ExitCode.BadDataOrFile, "pipe: expected a file, this is a pipe");

        await writer;
    }

    [Fact]
    public void A_damaged_gzip_is_named()
    {
        using var folder = new TemporaryFolder();

        Train(folder, folder.Write("table.csv.gz", "x,y\n1,2\n")).MustFail(ExitCode.BadDataOrFile, "table.csv.gz");
    }

    [Fact]
    public void An_output_that_is_a_file_is_refused_before_the_table_is_read()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("run", "precious");

        Invocation.Run("train", "--data", folder["nowhere.csv"], "--targets", "y", "--out", file)
            .MustFail(ExitCode.BadDataOrFile, $"--out {file}: this is a file");

        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void A_cancelled_run_ends_with_130_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteTable();

        Invocation invocation = Invocation.Run(new CancellationToken(canceled: true), "train", "--data", path, "--targets", "sum", "--out", folder["run"]);

        Assert.Equal(ExitCode.Cancelled, invocation.ExitCode);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    private static Invocation Train(TemporaryFolder folder, string data) =>
        Invocation.Run("train", "--data", data, "--targets", "y", "--numeric", "x", "--out", folder["run"]);
}
