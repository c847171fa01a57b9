namespace ClangSharp.Interop;

/// <summary>A set of translation units.</summary>
internal struct CXIndex(nint handle) : IDisposable
{
    public nint Handle { get; private set; } = handle;

    public static CXIndex Create(bool excludeDeclarationsFromPch = false, bool displayDiagnostics = false)
    {
        LibclangLoader.EnsureLoaded();
        return new CXIndex(LibclangMethods.clang_createIndex(excludeDeclarationsFromPch ? 1 : 0, displayDiagnostics ? 1 : 0));
    }

    public void Dispose()
    {
        if (Handle != 0)
            LibclangMethods.clang_disposeIndex(Handle);
        Handle = 0;
    }
}
