using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>The functions of libclang's stable C interface that the generator calls.</summary>
internal static unsafe class LibclangMethods
{
    internal const string LibraryName = "libclang";

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern nint clang_createIndex(int excludeDeclarationsFromPch, int displayDiagnostics);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_disposeIndex(nint index);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXErrorCode clang_parseTranslationUnit2(
        nint index, byte* sourceFileName, byte** arguments, int argumentCount, CXUnsavedFile* unsavedFiles, uint unsavedFileCount,
        uint options, nint* unit);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_disposeTranslationUnit(nint unit);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXCursor clang_getTranslationUnitCursor(nint unit);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_getNumDiagnostics(nint unit);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern nint clang_getDiagnostic(nint unit, uint index);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXDiagnosticSeverity clang_getDiagnosticSeverity(nint diagnostic);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXString clang_formatDiagnostic(nint diagnostic, uint options);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_defaultDiagnosticDisplayOptions();

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_disposeDiagnostic(nint diagnostic);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern byte* clang_getCString(CXString text);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_disposeString(CXString text);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_visitChildren(
        CXCursor parent, delegate* unmanaged[Cdecl]<CXCursor, CXCursor, void*, CXChildVisitResult> visitor, void* data);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXString clang_getCursorSpelling(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXString clang_Cursor_getRawCommentText(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXType clang_getCursorType(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXType clang_getCursorResultType(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXSourceLocation clang_getCursorLocation(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXSourceRange clang_getCursorExtent(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_isCursorDefinition(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_Cursor_isBitField(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern long clang_Cursor_getOffsetOfField(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern long clang_getEnumConstantDeclValue(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern int clang_Cursor_getNumArguments(CXCursor cursor);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXCursor clang_Cursor_getArgument(CXCursor cursor, uint index);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXString clang_getTypeSpelling(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXType clang_getPointeeType(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXType clang_getArrayElementType(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern long clang_getArraySize(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern long clang_Type_getSizeOf(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern uint clang_isFunctionTypeVariadic(CXType type);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern int clang_Location_isFromMainFile(CXSourceLocation location);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_getSpellingLocation(CXSourceLocation location, nint* file, uint* line, uint* column, uint* offset);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_tokenize(nint unit, CXSourceRange range, CXToken** tokens, uint* count);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern void clang_disposeTokens(nint unit, CXToken* tokens, uint count);

    [DllImport(LibraryName, ExactSpelling = true)]
    internal static extern CXString clang_getTokenSpelling(nint unit, CXToken token);
}
