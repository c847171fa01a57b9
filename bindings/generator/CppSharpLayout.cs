using CppSharp;
using CppSharp.AST;
using CppSharp.Parser;

namespace MtlHybrid.Bindings.Generator;

/// <summary>The struct lines of <see cref="AbiLayout"/> as CppSharp's own parser sees them (compiled with -p:UseCppSharp=true only).</summary>
internal static class CppSharpLayout
{
    /// <summary>Sizes of the structs and offsets of their fields; CppSharp gives no field sizes.</summary>
    public static IReadOnlyList<string> Describe(string headerPath)
    {
        using var options = new ParserOptions { LanguageVersion = LanguageVersion.C99_GNU };
        options.AddArguments("-xc");
        options.AddDefines("MTL_BINDGEN");
        options.Setup(Platform.Host);
        using ParserResult result = CppSharp.ClangParser.ParseSourceFile(headerPath, options);
        if (result.Kind != ParserResultKind.Success)
            throw new HeaderFormatException($"{headerPath}: CppSharp could not parse it ({result.Kind}).");

        ASTContext context = CppSharp.ClangParser.ConvertASTContext(options.ASTContext);
        var lines = new List<string>();
        foreach (TranslationUnit unit in context.TranslationUnits.Where(unit => unit.FileName == Path.GetFileName(headerPath)))
        {
            foreach (Class type in unit.Classes.Where(type => !type.IsIncomplete))
            {
                lines.Add($"{type.Name} size {type.Layout.Size}");
                lines.AddRange(type.Layout.Fields.Select(field => $"{type.Name}.{field.Name} {field.Offset}"));
            }
        }
        return lines;
    }
}
