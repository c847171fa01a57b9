using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A token of the preprocessor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CXToken
{
    private fixed uint _data[4];
    private readonly void* _pointer;

    public readonly CXString GetSpelling(CXTranslationUnit translationUnit) =>
        LibclangMethods.clang_getTokenSpelling(translationUnit.Handle, this);
}
