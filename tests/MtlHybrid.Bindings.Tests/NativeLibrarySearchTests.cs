using System.Runtime.InteropServices;
using Xunit;

namespace MtlHybrid.Bindings.Tests;

public sealed class NativeLibrarySearchTests : IDisposable
{
    private const uint Expected = 7;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_library_is_reported_with_every_path_that_was_tried()
    {
        NativeLoadException e = Assert.Throws<NativeLoadException>(() => Search(probing: false).Load(Expected));

        Assert.Equal([PackagePath, BasePath], e.Attempts.Select(attempt => attempt.Path));
        Assert.All(e.Attempts, attempt => Assert.Equal("no such file", attempt.Outcome));
        Assert.Contains(PackagePath, e.Message, StringComparison.Ordinal);
        Assert.Contains(BasePath, e.Message, StringComparison.Ordinal);
        Assert.Contains("MTLHYBRID_NATIVE_PATH", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_of_the_loader_itself_is_shown_for_a_file_that_is_no_library()
    {
        string path = _folder.Write(NativeLibrarySearch.FileName, "this is no library");
        string loaderSays = Assert.ThrowsAny<Exception>(() => NativeLibrary.Load(path)).Message;

        NativeLoadException e = Assert.Throws<NativeLoadException>(() => Search(probing: false).Load(Expected));

        Assert.Equal(loaderSays.Trim(), e.Attempts[^1].Outcome);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_abi_version_is_reported_with_the_file_and_both_versions()
    {
        string path = Compile(BasePath, "unsigned mtl_abi_version(void) { return 6; }");

        NativeLoadException e = Assert.Throws<NativeLoadException>(() => Search().Load(Expected));

        Assert.Contains($"{path} has ABI version 6", e.Message, StringComparison.Ordinal);
        Assert.Contains("needs ABI version 7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_somebody_else_is_refused()
    {
        string path = Compile(BasePath, "unsigned other_function(void) { return 6; }");

        NativeLoadException e = Assert.Throws<NativeLoadException>(() => Search().Load(Expected));

        Assert.Contains($"{path} is not the native library of MtlHybrid", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_layout_comes_before_the_base_directory()
    {
        Compile(BasePath, "unsigned mtl_abi_version(void) { return 7; }");
        Compile(PackagePath, "unsigned mtl_abi_version(void) { return 7; }");

        Assert.Equal(PackagePath, LoadAndFree(Search()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_path_from_the_environment_comes_first_as_file_or_folder(bool asFolder)
    {
        Compile(BasePath, "unsigned mtl_abi_version(void) { return 7; }");
        string elsewhere = _folder.File("elsewhere");
        string path = Compile(Path.Combine(elsewhere, NativeLibrarySearch.FileName), "unsigned mtl_abi_version(void) { return 7; }");

        Assert.Equal(path, LoadAndFree(Search() with { EnvironmentPath = asFolder ? elsewhere : path, ConfiguredPath = "/nowhere" }));
        Assert.Equal(path, LoadAndFree(Search() with { ConfiguredPath = asFolder ? elsewhere : path }));
    }

    [Fact]
    public void A_path_that_was_asked_for_and_is_not_there_is_an_error_whatever_else_there_is()
    {
        Compile(BasePath, "unsigned mtl_abi_version(void) { return 7; }");
        string missing = _folder.File("missing.so");

        NativeLoadException e = Assert.Throws<NativeLoadException>(() => (Search() with { EnvironmentPath = missing }).Load(Expected));

        LoadAttempt attempt = Assert.Single(e.Attempts);
        Assert.Equal(new LoadAttempt("MTLHYBRID_NATIVE_PATH", missing, "no such file"), attempt);
    }

    [Fact]
    public void The_real_library_loads_once_and_has_the_version_of_the_header()
    {
        LoadedLibrary library = NativeLibraryFixture.RequireLibrary();

        Assert.Same(library, NativeLibraryLoader.EnsureLoaded());
        Assert.True(File.Exists(library.Path), library.Path);
        Assert.Equal("loaded", library.Attempts[^1].Outcome);
        Assert.Equal((uint)NativeMethods.MTL_ABI_VERSION, NativeMethods.mtl_abi_version());
    }

    private string BasePath => _folder.File(NativeLibrarySearch.FileName);

    private string PackagePath =>
        Path.Combine(_folder.Path, "runtimes", NativeLibrarySearch.RuntimeIdentifier, "native", NativeLibrarySearch.FileName);

    private NativeLibrarySearch Search(bool probing = true) => new() { BaseDirectory = _folder.Path, RuntimeProbing = probing };

    private static string LoadAndFree(NativeLibrarySearch search)
    {
        LoadedLibrary library = search.Load(Expected);
        NativeLibrary.Free(library.Handle);
        return library.Path;
    }

    private string Compile(string path, string source)
    {
        string c = _folder.Write("library.c", source);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Tool.Run("cc", "-shared", "-fPIC", "-o", path, c);
        return path;
    }
}
