using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>Called for every child of a cursor.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
internal unsafe delegate CXChildVisitResult CXCursorVisitor(CXCursor cursor, CXCursor parent, void* client_data);
