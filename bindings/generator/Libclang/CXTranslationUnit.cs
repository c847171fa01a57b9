using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>A parsed source file.</summary>
internal unsafe struct CXTranslationUnit(nint handle) : IDisposable
{
    public nint Handle { get; private set; } = handle;

    public readonly CXCursor Cursor => LibclangMethods.clang_getTranslationUnitCursor(Handle);

    public readonly uint NumDiagnostics => LibclangMethods.clang_getNumDiagnostics(Handle);

    public static CXErrorCode TryParse(
        CXIndex index, string sourceFileName, ReadOnlySpan<string> commandLineArgs, ReadOnlySpan<CXUnsavedFile> unsavedFiles,
        CXTranslationUnit_Flags options, out CXTranslationUnit translationUnit)
    {
        nint* arguments = stackalloc nint[commandLineArgs.Length];
        nint file = Marshal.StringToCoTaskMemUTF8(sourceFileName);
        for (int i = 0; i < commandLineArgs.Length; ++i)
            arguments[i] = Marshal.StringToCoTaskMemUTF8(commandLineArgs[i]);
        try
        {
            nint unit;
            fixed (CXUnsavedFile* unsaved = unsavedFiles)
            {
                CXErrorCode error = LibclangMethods.clang_parseTranslationUnit2(
                    index.Handle, (byte*)file, (byte**)arguments, commandLineArgs.Length, unsaved, (uint)unsavedFiles.Length,
                    (uint)options, &unit);
                translationUnit = new CXTranslationUnit(unit);
                return error;
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(file);
            for (int i = 0; i < commandLineArgs.Length; ++i)
                Marshal.FreeCoTaskMem(arguments[i]);
        }
    }

    public readonly CXDiagnostic GetDiagnostic(uint index) => new(LibclangMethods.clang_getDiagnostic(Handle, index));

    public readonly Span<CXToken> Tokenize(CXSourceRange sourceRange)
    {
        CXToken* tokens;
        uint count;
        LibclangMethods.clang_tokenize(Handle, sourceRange, &tokens, &count);
        return new Span<CXToken>(tokens, (int)count);
    }

    public readonly void DisposeTokens(ReadOnlySpan<CXToken> tokens)
    {
        fixed (CXToken* first = tokens)
            LibclangMethods.clang_disposeTokens(Handle, first, (uint)tokens.Length);
    }

    public void Dispose()
    {
        if (Handle != 0)
            LibclangMethods.clang_disposeTranslationUnit(Handle);
        Handle = 0;
    }
}
