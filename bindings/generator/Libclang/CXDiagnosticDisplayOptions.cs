namespace ClangSharp.Interop;

/// <summary>What a formatted diagnostic shows; the numbers come from libclang.</summary>
[Flags]
internal enum CXDiagnosticDisplayOptions
{
    CXDiagnostic_DisplaySourceLocation = 1,
}
