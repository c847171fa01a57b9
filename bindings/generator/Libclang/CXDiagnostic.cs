namespace ClangSharp.Interop;

/// <summary>A warning or error of the parser.</summary>
internal struct CXDiagnostic(nint handle) : IDisposable
{
    public static CXDiagnosticDisplayOptions DefaultDisplayOptions =>
        (CXDiagnosticDisplayOptions)LibclangMethods.clang_defaultDiagnosticDisplayOptions();

    public nint Handle { get; private set; } = handle;

    public readonly CXDiagnosticSeverity Severity => LibclangMethods.clang_getDiagnosticSeverity(Handle);

    public readonly CXString Format(CXDiagnosticDisplayOptions options) => LibclangMethods.clang_formatDiagnostic(Handle, (uint)options);

    public void Dispose()
    {
        if (Handle != 0)
            LibclangMethods.clang_disposeDiagnostic(Handle);
        Handle = 0;
    }
}
