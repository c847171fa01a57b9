using System.Globalization;
using ClangSharp.Interop;
using MtlHybrid.Bindings.Generator.Model;

namespace MtlHybrid.Bindings.Generator;

/// <summary>Reads what one C header declares, through libclang. Declarations of included headers are skipped.</summary>
internal sealed unsafe class HeaderReader
{
    // -fparse-all-comments: plain /* */ comments count as documentation.
    private static readonly string[] Arguments =
        ["-x", "c", "-std=c11", "-DMTL_BINDGEN", "-fparse-all-comments", "-Wall", "-Wextra"];

    private readonly string _path;
    private readonly string _name;
    private readonly TypeMap _types = new();
    private readonly List<ConstantDeclaration> _constants = [];
    private readonly List<EnumDeclaration> _enums = [];
    private readonly List<HandleDeclaration> _handles = [];
    private readonly List<StructDeclaration> _structs = [];
    private readonly List<FunctionDeclaration> _functions = [];

    private HeaderReader(string path)
    {
        _path = path;
        _name = Path.GetFileName(path);
    }

    /// <summary>Parses the header.</summary>
    /// <exception cref="HeaderFormatException">A diagnostic of the parser, or a declaration the boundary does not allow.</exception>
    public static HeaderDeclarations Read(string path)
    {
        if (!File.Exists(path))
            throw new HeaderFormatException($"{path}: no such header.");

        var reader = new HeaderReader(path);
        using CXIndex index = CXIndex.Create(false, false);
        CXErrorCode error = CXTranslationUnit.TryParse(
            index, path, Arguments, [], CXTranslationUnit_Flags.CXTranslationUnit_DetailedPreprocessingRecord,
            out CXTranslationUnit unit);
        if (error != CXErrorCode.CXError_Success)
            throw new HeaderFormatException($"{path}: libclang could not parse it ({error}).");
        using (unit)
        {
            ThrowOnDiagnostics(unit, path);
            reader.ReadUnit(unit);
        }
        return new HeaderDeclarations(
            reader._name, reader._constants, reader._enums, reader._handles, reader._structs, reader._functions);
    }

    private static void ThrowOnDiagnostics(CXTranslationUnit unit, string path)
    {
        var messages = new List<string>();
        for (uint i = 0; i < unit.NumDiagnostics; ++i)
        {
            using CXDiagnostic diagnostic = unit.GetDiagnostic(i);
            if (diagnostic.Severity < CXDiagnosticSeverity.CXDiagnostic_Warning)
                continue;
            using CXString text = diagnostic.Format(CXDiagnostic.DefaultDisplayOptions);
            messages.Add(text.ToString());
        }
        if (messages.Count > 0)
            throw new HeaderFormatException($"{path}: the parser complains:\n{string.Join('\n', messages)}");
    }

    private void ReadUnit(CXTranslationUnit unit)
    {
        List<CXCursor> cursors = Children(unit.Cursor);
        cursors.RemoveAll(cursor => !cursor.Location.IsFromMainFile);

        // Names first, so that a function may use a type whatever the order.
        foreach (CXCursor cursor in cursors)
        {
            if (cursor.kind is CXCursorKind.CXCursor_EnumDecl or CXCursorKind.CXCursor_StructDecl)
                _types.Declare(NameOf(cursor));
        }

        string[] lines = File.ReadAllLines(_path);
        HashSet<string> defined = [.. cursors.Where(c => c.kind == CXCursorKind.CXCursor_StructDecl && c.IsDefinition).Select(NameOf)];
        foreach (CXCursor cursor in cursors)
        {
            switch (cursor.kind)
            {
                case CXCursorKind.CXCursor_MacroDefinition:
                    ReadMacro(unit, cursor, lines);
                    break;
                case CXCursorKind.CXCursor_EnumDecl:
                    ReadEnum(cursor);
                    break;
                case CXCursorKind.CXCursor_StructDecl when cursor.IsDefinition:
                    ReadStruct(cursor);
                    break;
                case CXCursorKind.CXCursor_StructDecl when defined.Add(NameOf(cursor)):
                    _handles.Add(new HandleDeclaration(NameOf(cursor), Comment(cursor)));
                    break;
                case CXCursorKind.CXCursor_FunctionDecl:
                    ReadFunction(cursor);
                    break;
                case CXCursorKind.CXCursor_UnionDecl:
                case CXCursorKind.CXCursor_VarDecl:
                    throw new HeaderFormatException($"{Where(cursor)}: '{NameOf(cursor)}' is a union or a variable; neither crosses the boundary.");
                default:
                    break; // typedefs repeat the names above
            }
        }
    }

    private void ReadMacro(CXTranslationUnit unit, CXCursor cursor, string[] lines)
    {
        Span<CXToken> tokens = unit.Tokenize(cursor.Extent);
        var body = new List<string>();
        foreach (CXToken token in tokens)
        {
            using CXString spelling = token.GetSpelling(unit);
            body.Add(spelling.ToString());
        }
        unit.DisposeTokens(tokens);

        string text = string.Concat(body.Skip(1)).Trim('(', ')');
        bool unsigned = text.EndsWith('u') || text.EndsWith('U');
        if (long.TryParse(text.TrimEnd('u', 'U'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            cursor.Location.GetSpellingLocation(out _, out uint line, out _, out _);
            _constants.Add(new ConstantDeclaration(NameOf(cursor), value, unsigned, CommentAbove(lines, (int)line - 1)));
        }
    }

    // The parser attaches comments to declarations only, so a macro's is looked up in the text.
    private static string? CommentAbove(string[] lines, int line)
    {
        int end = line - 1;
        if (end < 0 || !lines[end].TrimEnd().EndsWith("*/", StringComparison.Ordinal))
            return null;
        int start = end;
        while (start > 0 && !lines[start].Contains("/*", StringComparison.Ordinal))
            --start;
        return CommentText.Clean(string.Join('\n', lines[start..(end + 1)]));
    }

    private void ReadEnum(CXCursor cursor)
    {
        var members = new List<EnumMemberDeclaration>();
        foreach (CXCursor member in Children(cursor))
        {
            if (member.kind == CXCursorKind.CXCursor_EnumConstantDecl)
                members.Add(new EnumMemberDeclaration(NameOf(member), member.EnumConstantDeclValue, Comment(member)));
        }
        if (members.Any(member => member.Value is < int.MinValue or > int.MaxValue))
            throw new HeaderFormatException($"{Where(cursor)}: enum '{NameOf(cursor)}' has a value outside 32 bits.");
        _enums.Add(new EnumDeclaration(NameOf(cursor), cursor.Type.SizeOf, Comment(cursor), members));
    }

    private void ReadStruct(CXCursor cursor)
    {
        var fields = new List<FieldDeclaration>();
        foreach (CXCursor field in Children(cursor))
        {
            if (field.kind != CXCursorKind.CXCursor_FieldDecl)
                throw new HeaderFormatException($"{Where(field)}: struct '{NameOf(cursor)}' nests another type; give it a name of its own.");
            if (field.IsBitField)
                throw new HeaderFormatException($"{Where(field)}: '{NameOf(field)}' is a bit-field; those do not cross the boundary.");
            CXType type = field.Type;
            bool array = type.kind == CXTypeKind.CXType_ConstantArray;
            fields.Add(new FieldDeclaration(
                NameOf(field), _types.Map(array ? type.ArrayElementType : type, Where(field)), array ? type.ArraySize : 0,
                field.OffsetOfField / 8, type.SizeOf, Comment(field)));
        }
        _structs.Add(new StructDeclaration(NameOf(cursor), cursor.Type.SizeOf, Comment(cursor), fields));
    }

    private void ReadFunction(CXCursor cursor)
    {
        if (cursor.Type.IsFunctionTypeVariadic)
            throw new HeaderFormatException($"{Where(cursor)}: '{NameOf(cursor)}' takes variable arguments; those do not cross the boundary.");

        var parameters = new List<ParameterDeclaration>();
        for (int i = 0; i < cursor.NumArguments; ++i)
        {
            CXCursor parameter = cursor.GetArgument((uint)i);
            string name = NameOf(parameter);
            if (name.Length == 0)
                throw new HeaderFormatException($"{Where(cursor)}: parameter {i} of '{NameOf(cursor)}' has no name.");
            parameters.Add(new ParameterDeclaration(name, _types.Map(parameter.Type, Where(cursor))));
        }
        _functions.Add(new FunctionDeclaration(
            NameOf(cursor), _types.Map(cursor.ResultType, Where(cursor)), parameters, Comment(cursor)));
    }

    private static List<CXCursor> Children(CXCursor parent)
    {
        var children = new List<CXCursor>();
        _ = parent.VisitChildren(
            (cursor, _, _) =>
            {
                children.Add(cursor);
                return CXChildVisitResult.CXChildVisit_Continue;
            },
            default);
        return children;
    }

    private static string NameOf(CXCursor cursor)
    {
        using CXString spelling = cursor.Spelling;
        return spelling.ToString();
    }

    private static string? Comment(CXCursor cursor)
    {
        using CXString raw = cursor.RawCommentText;
        return CommentText.Clean(raw.ToString());
    }

    private string Where(CXCursor cursor)
    {
        cursor.Location.GetSpellingLocation(out _, out uint line, out uint column, out _);
        return $"{_name}:{line}:{column}";
    }
}
