using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>
/// Finds the libclang of this machine. LIBCLANG_PATH (a file, or a folder that holds one) comes first and, when set,
/// alone; then the names that the usual distributions use.
/// </summary>
internal static class LibclangLoader
{
    private static readonly string[] Names =
    [
        "libclang-14.so.1", "libclang-14.so.14", "/usr/lib/llvm-14/lib/libclang.so.1",
        .. Enumerable.Range(15, 8).SelectMany(version => new[]
        {
            $"libclang-{version}.so.{version}", $"libclang-{version}.so.1", $"/usr/lib/llvm-{version}/lib/libclang.so.1",
        }),
        "libclang.so", "libclang.dylib", "libclang.dll",
    ];

    private static readonly Lock Gate = new();
    private static nint _handle;

    /// <summary>Loads libclang once.</summary>
    /// <exception cref="DllNotFoundException">None found; the message lists what was tried.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (_handle != 0)
                return;
            _handle = Load();
            NativeLibrary.SetDllImportResolver(
                typeof(LibclangLoader).Assembly, (name, _, _) => name == LibclangMethods.LibraryName ? _handle : 0);
        }
    }

    private static nint Load()
    {
        string? configured = Environment.GetEnvironmentVariable("LIBCLANG_PATH");
        string[] candidates = configured switch
        {
            null or "" => Names,
            _ when Directory.Exists(configured) => [.. Directory.GetFiles(configured, "libclang*").Where(IsLibclang).Order(StringComparer.Ordinal)],
            _ => [configured],
        };
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
                return handle;
        }
        throw new DllNotFoundException(
            $"libclang was not found. Tried: {string.Join(", ", candidates)}. Install it (Debian, Ubuntu: apt install libclang1-14 "
            + "libclang-common-14-dev) or set LIBCLANG_PATH to the file or its folder.");
    }

    private static bool IsLibclang(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith("libclang.", StringComparison.Ordinal) || name.StartsWith("libclang-1", StringComparison.Ordinal)
            || name.StartsWith("libclang-2", StringComparison.Ordinal);
    }
}
