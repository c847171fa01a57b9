namespace ClangSharp.Interop;

/// <summary>Kinds of types; only those in use.</summary>
internal enum CXTypeKind
{
    CXType_Invalid = 0,
    CXType_Pointer = 101,
    CXType_ConstantArray = 112,
}
