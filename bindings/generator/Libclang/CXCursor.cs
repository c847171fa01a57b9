using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A node of the syntax tree.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXCursor
{
    public CXCursorKind kind;
    private readonly int _extra;
    private readonly void* _data0;
    private readonly void* _data1;
    private readonly void* _data2;

    public readonly CXString Spelling => LibclangMethods.clang_getCursorSpelling(this);

    public readonly CXString RawCommentText => LibclangMethods.clang_Cursor_getRawCommentText(this);

    public readonly CXType Type => LibclangMethods.clang_getCursorType(this);

    public readonly CXType ResultType => LibclangMethods.clang_getCursorResultType(this);

    public readonly CXSourceLocation Location => LibclangMethods.clang_getCursorLocation(this);

    public readonly CXSourceRange Extent => LibclangMethods.clang_getCursorExtent(this);

    public readonly bool IsDefinition => LibclangMethods.clang_isCursorDefinition(this) != 0;

    public readonly bool IsBitField => LibclangMethods.clang_Cursor_isBitField(this) != 0;

    public readonly long OffsetOfField => LibclangMethods.clang_Cursor_getOffsetOfField(this);

    public readonly long EnumConstantDeclValue => LibclangMethods.clang_getEnumConstantDeclValue(this);

    public readonly int NumArguments => LibclangMethods.clang_Cursor_getNumArguments(this);

    public readonly CXCursor GetArgument(uint index) => LibclangMethods.clang_Cursor_getArgument(this, index);

    public readonly CXChildVisitResult VisitChildren(CXCursorVisitor visitor, CXClientData clientData)
    {
        var pointer = (delegate* unmanaged[Cdecl]<CXCursor, CXCursor, void*, CXChildVisitResult>)
            Marshal.GetFunctionPointerForDelegate(visitor);
        uint broken = LibclangMethods.clang_visitChildren(this, pointer, (void*)clientData.Handle);
        GC.KeepAlive(visitor);
        return (CXChildVisitResult)broken;
    }
}
