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

    [Fact]
    public void Predictions_that_do_not_fit_leave_no_file_behind()
    {
        string run = fixture.Run;
        using var disk = new SmallDisk("size=4k");

        Invocation.Run("predict", "--model", run, "--data", fixture.Table, "--out", Path.Combine(disk.Path, "p.csv")).MustFail(ExitCode.BadDataOrFile, "No space left on device");

        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    private Invocation Train(string path, params string[] options) => Invocation.Run([.. TrainArguments(path), .. options]);

    private string[] TrainArguments(string path)
    {
        NativeLibrary.Need();
        _ = fixture.Run;
        return ["train", "--data", fixture.Table, "--targets", "sum,difference", "--epochs", "1", "--hidden", "8", "--threads", "1", "--out", path];
    }
}
