using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A string that libclang owns until it is disposed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXString : IDisposable
{
    private void* _data;
    private uint _flags;

    public override readonly string ToString() => Marshal.PtrToStringUTF8((nint)LibclangMethods.clang_getCString(this)) ?? "";

    public void Dispose()
    {
        if (_data != null)
            LibclangMethods.clang_disposeString(this);
        _data = null;
        _flags = 0;
    }
}
