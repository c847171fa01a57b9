namespace ClangSharp.Interop;

/// <summary>User data of a visit; unused.</summary>
internal readonly struct CXClientData(nint handle)
{
    public nint Handle { get; } = handle;
}
