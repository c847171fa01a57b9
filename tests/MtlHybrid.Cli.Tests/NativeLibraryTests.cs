using System.Diagnostics;

namespace MtlHybrid.Cli.Tests;

/// <summary>A native library that is missing, damaged or of another version: exit code 4 and where was looked.</summary>
public class NativeLibraryTests
{
    [Fact]
    public void A_missing_library_is_told_with_the_places_looked_at()
    {
        using var folder = new TemporaryFolder();
        CopyProgram(folder);

        Invocation invocation = MtlProgram.Run(new ProcessStartInfo(folder[Path.GetFileName(MtlProgram.Path)]), "devices");

        invocation.MustFail(ExitCode.NativeOrDevice, "could not be loaded", folder.Path, "./build.sh build");
    }

    [Fact]
    public void A_file_that_is_no_library_is_told()
    {
        using var folder = new TemporaryFolder();

        Run(folder.Write("libmtlhybrid.so", "no library"), "devices").MustFail(ExitCode.NativeOrDevice, folder["libmtlhybrid.so"], "MTLHYBRID_NATIVE_PATH");
    }

    [Fact]
    public void Another_ABI_version_is_told_with_both_numbers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/gcc"), "needs Linux and gcc");
        using var folder = new TemporaryFolder();
        string source = folder.Write("other.c", "#include <stdint.h>\nuint32_t mtl_abi_version(void) { return 999; }\n");
        using (Process gcc = Process.Start("/usr/bin/gcc", ["-shared", "-fPIC", "-o", folder["libmtlhybrid.so"], source])) gcc.WaitForExit();

        Run(folder["libmtlhybrid.so"], "devices").MustFail(ExitCode.NativeOrDevice, folder["libmtlhybrid.so"], "999", "ABI");
    }

    [Fact]
    public void Training_without_the_library_leaves_no_folder()
    {
        using var folder = new TemporaryFolder();
        string library = folder.Write("libmtlhybrid.so", "no library");

        Run(library, "train", "--data", folder.WriteTable(), "--targets", "sum,difference", "--quiet", "--out", folder["run"]).MustFail(ExitCode.NativeOrDevice, library);

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_environment_variable_names_the_library_that_is_used()
    {
        string library = NativeLibrary.Path;
        using var folder = new TemporaryFolder();
        File.Copy(library, folder[Path.GetFileName(library)]);

        Invocation invocation = Run(folder[Path.GetFileName(library)], "devices", "--json").MustSucceed();

        Assert.Equal(folder[Path.GetFileName(library)], (string)invocation.Json["library"]!["path"]!);
    }

    private static Invocation Run(string library, params string[] arguments)
    {
        var start = new ProcessStartInfo(MtlProgram.Path);
        start.Environment["MTLHYBRID_NATIVE_PATH"] = library;
        return MtlProgram.Run(start, arguments);
    }

    // The program and its managed libraries, without any native one.
    private static void CopyProgram(TemporaryFolder folder)
    {
        string[] patterns = ["*.dll", "mtl", "mtl.exe", "mtl.*.json"];
        foreach (string file in patterns.SelectMany(pattern => Directory.GetFiles(AppContext.BaseDirectory, pattern)))
            File.Copy(file, folder[Path.GetFileName(file)]);
    }
}
