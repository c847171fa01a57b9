using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>The text of a file that is not on disk; unused.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXUnsavedFile
{
    public sbyte* Filename;
    public sbyte* Contents;
    public nuint Length;
}
