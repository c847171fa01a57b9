namespace ClangSharp.Interop;

/// <summary>A file of a translation unit.</summary>
internal readonly struct CXFile(nint handle)
{
    public nint Handle { get; } = handle;
}
