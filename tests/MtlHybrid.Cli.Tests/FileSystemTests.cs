using System.Diagnostics;

namespace MtlHybrid.Cli.Tests;

/// <summary>Folders that cannot be written to, and disks that are full.</summary>
public class FileSystemTests(TrainingFixture fixture)
{
    [Fact]
    public void A_read_only_folder_is_refused_before_training()
    {
        using var disk = new SmallDisk("ro,size=64k");

        Train(disk.Path).MustFail(ExitCode.BadDataOrFile, $"--out {disk.Path}: cannot write there");
        Train(Path.Combine(disk.Path, "run")).MustFail(ExitCode.BadDataOrFile, "cannot write there");
    }

    [Fact]
    public void A_folder_of_somebody_else_is_refused_before_training()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("permissions are tested on Linux");
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(!Environment.IsPrivilegedProcess || File.Exists("/usr/bin/setpriv"), "root may write everywhere, and there is no setpriv to be somebody else");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Invocation invocation = Environment.IsPrivilegedProcess
            ? MtlProgram.Run(new ProcessStartInfo("/usr/bin/setpriv"), ["--reuid=65534", "--regid=65534", "--clear-groups", MtlProgram.Path, .. TrainArguments(folder["run"])])
            : MtlProgram.Run(TrainArguments(folder["run"]));

        Assert.SkipWhen(invocation.ExitCode is 126 or 127, $"nobody cannot start the program: {invocation.Error}");
        invocation.MustFail(ExitCode.BadDataOrFile, $"--out {folder["run"]}: cannot write there");
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_no_file_behind()
    {
        using var disk = new SmallDisk("size=48k");

        Train(disk.Path, "--hidden", "128,128").MustFail(ExitCode.BadDataOrFile, $"--out {disk.Path}: cannot write there", "No space left on device");
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));

        Train(Path.Combine(disk.Path, "run"), "--hidden", "128,128").MustFail(ExitCode.BadDataOrFile, "No space left on device");
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_a_former_run_as_it_was()
    {
        using var disk = new SmallDisk("size=192k");
        Train(disk.Path).MustSucceed();
        Dictionary<string, byte[]> before = Directory.GetFiles(disk.Path).ToDictionary(path => path, File.ReadAllBytes);

        Train(disk.Path, "--hidden", "256,256").MustFail(ExitCode.BadDataOrFile, "No space left on device");

        Assert.Equal(before.Keys.Order(), Directory.GetFileSystemEntries(disk.Path).Order());
        foreach ((string path, byte[] content) in before) Assert.Equal(content, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_disk_full_of_other_things_is_noticed_before_training()
    {
        using var disk = new SmallDisk("size=16k");
        File.WriteAllBytes(Path.Combine(disk.Path, "other"), new byte[16 * 1024]);

        Train(Path.Combine(disk.Path, "run")).MustFail(ExitCode.BadDataOrFile, "cannot write there", "No space left on device");
    }

    // Whatever file is the first that does not fit.
    [Fact]
    public void A_run_is_on_the_disk_as_a_whole_or_not_at_all()
    {
        bool fitted = false, failed = false;
        for (int size = 8; size <= 48; size += 4)
        {
            using var disk = new SmallDisk($"size={size}k");
            Invocation invocation = Train(Path.Combine(disk.Path, "run"));
            if (invocation.ExitCode == ExitCode.Done)
            {
                fitted = true;
                continue;
            }

            failed = true;
            invocation.MustFail(ExitCode.BadDataOrFile, "No space left on device");
            Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
        }

        Assert.True(fitted && failed, "no size was too small, or none was enough");
    }

    [Fact]
    public void Predictions_go_through_a_device_and_leave_it_a_device()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may make a device, and Linux has mknod");
        // Never /dev/null itself: a failure would take it away.
        using (var mknod = Process.Start("mknod", [folder["null"], "c", "1", "3"])) mknod.WaitForExit();
        Assert.SkipUnless(File.Exists(folder["null"]), "this system lets nobody make a device");

        Predict(folder["null"]).MustSucceed();

        Assert.Equal([folder["null"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(0, new FileInfo(folder["null"]).Length);
        Assert.Empty(File.ReadAllBytes(folder["null"]));
    }

    [Fact]
    public void Predictions_go_where_a_link_points_and_leave_the_link()
    {
        using var folder = new TemporaryFolder();
        folder.Write("target.csv", new string('x', 100_000));
        File.CreateSymbolicLink(folder["link.csv"], folder["target.csv"]);

        Predict(folder["link.csv"]).MustSucceed();

        Assert.Equal(folder["target.csv"], new FileInfo(folder["link.csv"]).LinkTarget);
        Assert.Equal(Invocation.Run("predict", "--model", fixture.Run, "--data", fixture.Table).Output, File.ReadAllText(folder["target.csv"]));
    }

    [Fact]
    public void Predictions_into_a_folder_are_refused()
    {
        using var folder = new TemporaryFolder();

        Predict(folder.Path).MustFail(ExitCode.BadDataOrFile, $"--out {folder.Path}: this is a folder");
        Predict("").MustFail(ExitCode.BadDataOrFile, "--out: expected the name of a file");
    }

    [Fact]
    public void Predictions_that_do_not_fit_leave_no_file_behind()
    {
        string run = fixture.Run;
        using var disk = new SmallDisk("size=4k");

        Invocation.Run("predict", "--model", run, "--data", fixture.Table, "--out", Path.Combine(disk.Path, "p.csv")).MustFail(ExitCode.BadDataOrFile, "No space left on device");

        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    private Invocation Predict(string path) => Invocation.Run("predict", "--model", fixture.Run, "--data", fixture.Table, "--out", path);

    private Invocation Train(string path, params string[] options) => Invocation.Run([.. TrainArguments(path), .. options]);

    private string[] TrainArguments(string path)
    {
        NativeLibrary.Need();
        _ = fixture.Run;
        return ["train", "--data", fixture.Table, "--targets", "sum,difference", "--epochs", "1", "--hidden", "8", "--threads", "1", "--out", path];
    }
}
