using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A place in a file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXSourceLocation
{
    private readonly void* _data0;
    private readonly void* _data1;
    private readonly uint _position;

    public readonly bool IsFromMainFile => LibclangMethods.clang_Location_isFromMainFile(this) != 0;

    public readonly void GetSpellingLocation(out CXFile file, out uint line, out uint column, out uint offset)
    {
        nint handle;
        fixed (uint* lineAt = &line, columnAt = &column, offsetAt = &offset)
            LibclangMethods.clang_getSpellingLocation(this, &handle, lineAt, columnAt, offsetAt);
        file = new CXFile(handle);
    }
}
