using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A stretch of a file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXSourceRange
{
    private readonly void* _data0;
    private readonly void* _data1;
    private readonly uint _begin;
    private readonly uint _end;
}
