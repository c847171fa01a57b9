using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MtlHybrid.Bindings;

/// <summary>
/// Where the native library is looked for, in this order: the environment's path, the configured path,
/// runtimes/RID/native under the base directory, the base directory, and the runtime's own probing.
/// </summary>
/// <remarks>A path that a person named (environment or configuration) is the last one tried when it is set: taking another
/// library instead of the one asked for would be a silent fallback.</remarks>
internal sealed record NativeLibrarySearch
{
    /// <summary>Names a library file, or a folder that holds it.</summary>
    internal const string EnvironmentVariable = "MTLHYBRID_NATIVE_PATH";

    /// <summary>The same as a setting of the program (runtimeconfig.json, configProperties).</summary>
    internal const string ConfigurationKey = "MtlHybrid.NativeLibraryPath";

    /// <value>The value of <see cref="EnvironmentVariable"/>; null or empty: not set.</value>
    public string? EnvironmentPath { get; init; }

    /// <value>The value of <see cref="ConfigurationKey"/>; null or empty: not set.</value>
    public string? ConfiguredPath { get; init; }

    /// <value>The folder of the program.</value>
    public required string BaseDirectory { get; init; }

    /// <value>Whether the runtime's own probing comes last.</value>
    public bool RuntimeProbing { get; init; } = true;

    /// <summary>File name of the library on this system.</summary>
    public static string FileName =>
        OperatingSystem.IsWindows() ? "mtlhybrid.dll" : OperatingSystem.IsMacOS() ? "libmtlhybrid.dylib" : "libmtlhybrid.so";

    /// <summary>The portable runtime identifier, which packages use; distributions' own builds of .NET report another.</summary>
    public static string RuntimeIdentifier
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The search as this process is configured.</summary>
    public static NativeLibrarySearch OfThisProcess() => new()
    {
        EnvironmentPath = Environment.GetEnvironmentVariable(EnvironmentVariable),
        ConfiguredPath = AppContext.GetData(ConfigurationKey) as string,
        BaseDirectory = AppContext.BaseDirectory,
    };

    /// <summary>Loads the first library that is there, and checks its ABI version.</summary>
    /// <exception cref="NativeLoadException">None could be loaded, or the first one found has another ABI version.</exception>
    public LoadedLibrary Load(uint expectedAbiVersion)
    {
        var attempts = new List<LoadAttempt>();
        foreach ((string source, string path) in Candidates())
        {
            nint handle = TryLoad(source, path, attempts);
            if (handle == 0)
                continue;
            string file = Path.IsPathRooted(path) ? path : PathOfLoadedModule() ?? path;
            CheckAbiVersion(handle, file, expectedAbiVersion, attempts);
            attempts[^1] = attempts[^1] with { Path = file, Outcome = "loaded" };
            return new LoadedLibrary(handle, file, attempts);
        }
        throw new NativeLoadException(
            $"The native library {FileName} could not be loaded. Tried:\n{Lines(attempts)}\n"
            + $"Build it with ./build.sh build, or set {EnvironmentVariable} to the file or its folder.", attempts);
    }

    private IEnumerable<(string Source, string Path)> Candidates()
    {
        if (!string.IsNullOrEmpty(EnvironmentPath))
        {
            yield return (EnvironmentVariable, FileAt(EnvironmentPath));
            yield break;
        }
        if (!string.IsNullOrEmpty(ConfiguredPath))
        {
            yield return ($"setting {ConfigurationKey}", FileAt(ConfiguredPath));
            yield break;
        }
        yield return ("package layout", Path.Combine(BaseDirectory, "runtimes", RuntimeIdentifier, "native", FileName));
        yield return ("base directory", Path.Combine(BaseDirectory, FileName));
        if (RuntimeProbing)
            yield return ("the runtime's own probing", NativeMethods.LibraryName);
    }

    private static string FileAt(string path) => Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FileName) : path);

    private static nint TryLoad(string source, string path, List<LoadAttempt> attempts)
    {
        attempts.Add(new LoadAttempt(source, path, "no such file"));
        bool rooted = Path.IsPathRooted(path);
        if (rooted && !File.Exists(path))
            return 0;
        try
        {
            return rooted
                ? NativeLibrary.Load(path)
                : NativeLibrary.Load(path, typeof(NativeMethods).Assembly, searchPath: null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            attempts[^1] = attempts[^1] with { Outcome = e.Message.Trim() };
            return 0;
        }
    }

    private static unsafe void CheckAbiVersion(nint handle, string file, uint expected, List<LoadAttempt> attempts)
    {
        string? problem = null;
        if (!NativeLibrary.TryGetExport(handle, nameof(NativeMethods.mtl_abi_version), out nint function))
        {
            problem = $"{file} is not the native library of MtlHybrid: it has no function {nameof(NativeMethods.mtl_abi_version)}.";
        }
        else
        {
            uint actual = ((delegate* unmanaged[Cdecl]<uint>)function)();
            if (actual != expected)
                problem = $"{file} has ABI version {actual}; this version of MtlHybrid needs ABI version {expected}. Build both from one source.";
        }
        if (problem is null)
            return;

        NativeLibrary.Free(handle);
        attempts[^1] = attempts[^1] with { Path = file, Outcome = problem };
        string others = attempts.Count == 1 ? "" : $"\nTried:\n{Lines(attempts)}";
        throw new NativeLoadException(problem + others, attempts);
    }

    // The loader's words may span lines; they stay under their attempt.
    private static string Lines(IEnumerable<LoadAttempt> attempts) =>
        string.Join('\n', attempts.Select(attempt => "  " + attempt.ToString().ReplaceLineEndings("\n    ")));

    // The runtime does not say what its probing found; the list of loaded modules does.
    private static string? PathOfLoadedModule()
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .FirstOrDefault(path => Path.GetFileName(path) == FileName);
    }
}
