namespace ClangSharp.Interop;

/// <summary>Options of a parse; only those in use.</summary>
[Flags]
internal enum CXTranslationUnit_Flags
{
    CXTranslationUnit_None = 0,
    CXTranslationUnit_DetailedPreprocessingRecord = 1,
}
