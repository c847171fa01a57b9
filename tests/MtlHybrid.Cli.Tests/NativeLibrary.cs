using MtlHybrid.Engine;

namespace MtlHybrid.Cli.Tests;

/// <summary>The native library beside the tests.</summary>
internal static class NativeLibrary
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        try
        {
            Device.List();
            return null;
        }
        catch (NativeLibraryException e)
        {
            return e.Message;
        }
    });

    /// <summary>Its file.</summary>
    public static string Path
    {
        get
        {
            Need();
            return Device.NativeLibraryPath!;
        }
    }

    /// <summary>Skips the calling test where the library has not been built; a library that is there but does not load is a failure.</summary>
    public static void Need()
    {
        bool isThere = Directory.EnumerateFiles(AppContext.BaseDirectory, "*mtlhybrid.*", SearchOption.AllDirectories)
            .Any(file => System.IO.Path.GetExtension(file) is ".so" or ".dylib" || System.IO.Path.GetFileName(file) == "mtlhybrid.dll" && file.Contains("native", StringComparison.Ordinal));
        Assert.SkipUnless(isThere, "the native library has not been built: ./build.sh build");
        Assert.True(Problem.Value is null, Problem.Value);
    }
}
