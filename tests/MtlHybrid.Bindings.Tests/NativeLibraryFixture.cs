using Xunit;

namespace MtlHybrid.Bindings.Tests;

/// <summary>The real native library, for tests that need it.</summary>
internal static class NativeLibraryFixture
{
    /// <summary>The library; the test is skipped where it has not been built.</summary>
    public static LoadedLibrary RequireLibrary()
    {
        Assert.SkipUnless(
            Directory.EnumerateFiles(AppContext.BaseDirectory, NativeLibrarySearch.FileName, SearchOption.AllDirectories).Any(),
            "the native library has not been built (./build.sh build)");
        return NativeLibraryLoader.EnsureLoaded();
    }
}
