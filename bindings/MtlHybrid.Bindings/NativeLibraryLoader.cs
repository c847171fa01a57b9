using System.Runtime.InteropServices;

namespace MtlHybrid.Bindings;

/// <summary>
/// Loads the native library, once and on demand. Loading is an explicit call: from a static constructor its failure would
/// surface as a TypeInitializationException, once, at a place nobody expects.
/// </summary>
internal static class NativeLibraryLoader
{
    private static readonly Lock Gate = new();
    private static volatile LoadedLibrary? _loaded;
    private static bool _resolverRegistered;

    /// <summary>The library, or null before the first successful <see cref="EnsureLoaded"/>.</summary>
    public static LoadedLibrary? Loaded => _loaded;

    /// <summary>Loads the library unless that has been done. After a failure the next call tries again.</summary>
    /// <exception cref="NativeLoadException">The library is not there, cannot be loaded, or has another ABI version.</exception>
    public static LoadedLibrary EnsureLoaded()
    {
        if (_loaded is { } loaded)
            return loaded;
        lock (Gate)
        {
            _loaded ??= NativeLibrarySearch.OfThisProcess().Load(NativeMethods.MTL_ABI_VERSION);
            if (!_resolverRegistered)
            {
                NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);
                _resolverRegistered = true;
            }
            return _loaded;
        }
    }

    // Called by the runtime at the first use of each function. It must not throw; 0 hands over to the runtime.
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? searchPath) =>
        name == NativeMethods.LibraryName && _loaded is { } loaded ? loaded.Handle : 0;
}
