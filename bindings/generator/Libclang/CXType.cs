using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>The type of an expression or declaration.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXType
{
    public CXTypeKind kind;
    private readonly void* _data0;
    private readonly void* _data1;

    public readonly CXString Spelling => LibclangMethods.clang_getTypeSpelling(this);

    public readonly CXType PointeeType => LibclangMethods.clang_getPointeeType(this);

    public readonly CXType ArrayElementType => LibclangMethods.clang_getArrayElementType(this);

    public readonly long ArraySize => LibclangMethods.clang_getArraySize(this);

    public readonly long SizeOf => LibclangMethods.clang_Type_getSizeOf(this);

    public readonly bool IsFunctionTypeVariadic => LibclangMethods.clang_isFunctionTypeVariadic(this) != 0;
}
