using MtlHybrid.Bindings.Generator;
using MtlHybrid.Bindings.Generator.Model;
using Xunit;

namespace MtlHybrid.Bindings.Tests;

/// <summary>The files of the repository that these tests compare.</summary>
internal static class Repository
{
    private static readonly Lazy<HeaderDeclarations> Declarations = new(() => HeaderReader.Read(HeaderPath));

    public static string Root { get; } = FindRoot();

    public static string HeaderPath => Path.Combine(Root, "native", "include", "mtl", "mtl.h");

    public static string GeneratedFolder => Path.Combine(Root, "bindings", "MtlHybrid.Bindings", "Generated");

    /// <summary>What mtl.h declares; the test is skipped where there is no libclang.</summary>
    public static HeaderDeclarations Header()
    {
        RequireLibclang();
        return Declarations.Value;
    }

    public static void RequireLibclang()
    {
        try
        {
            ClangSharp.Interop.LibclangLoader.EnsureLoaded();
        }
        catch (DllNotFoundException e)
        {
            Assert.Skip(e.Message);
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MtlHybrid.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"{AppContext.BaseDirectory} does not lie in the repository.");
    }
}
