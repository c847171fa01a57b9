namespace ClangSharp.Interop;

/// <summary>How a visit of children goes on.</summary>
internal enum CXChildVisitResult
{
    CXChildVisit_Break = 0,
    CXChildVisit_Continue = 1,
    CXChildVisit_Recurse = 2,
}
