using MtlHybrid.Bindings.Generator.Model;

namespace MtlHybrid.Bindings.Generator;

/// <summary>
/// Sizes, offsets and values of a header as lines of text, one fact a line, so that two compilers' opinions can be
/// compared with a plain diff: "struct size BYTES", "struct.field OFFSET BYTES", "enum size BYTES", "enum.MEMBER VALUE".
/// </summary>
internal static class AbiLayout
{
    /// <summary>What libclang says.</summary>
    public static IReadOnlyList<string> Describe(HeaderDeclarations header)
    {
        var lines = new List<string>();
        foreach (StructDeclaration type in header.Structs)
        {
            lines.Add($"{type.Name} size {type.Size}");
            lines.AddRange(type.Fields.Select(field => $"{type.Name}.{field.Name} {field.Offset} {field.Size}"));
        }
        foreach (EnumDeclaration type in header.Enums)
        {
            lines.Add($"{type.Name} size {type.Size}");
            lines.AddRange(type.Members.Select(member => $"{type.Name}.{member.Name} {member.Value}"));
        }
        return lines;
    }

    /// <summary>A C program that prints the same lines with a compiler's own sizeof and offsetof.</summary>
    public static string ProbeProgram(HeaderDeclarations header, string includePath)
    {
        var lines = new List<string>
        {
            "#include <stddef.h>",
            "#include <stdio.h>",
            $"#include \"{includePath}\"",
            "int main(void) {",
        };
        foreach (StructDeclaration type in header.Structs)
        {
            lines.Add($"  printf(\"{type.Name} size %zu\\n\", sizeof({type.Name}));");
            lines.AddRange(type.Fields.Select(field =>
                $"  printf(\"{type.Name}.{field.Name} %zu %zu\\n\", offsetof({type.Name}, {field.Name}), sizeof((({type.Name}*)0)->{field.Name}));"));
        }
        foreach (EnumDeclaration type in header.Enums)
        {
            lines.Add($"  printf(\"{type.Name} size %zu\\n\", sizeof({type.Name}));");
            lines.AddRange(type.Members.Select(member =>
                $"  printf(\"{type.Name}.{member.Name} %lld\\n\", (long long){member.Name});"));
        }
        lines.Add("  return 0;");
        lines.Add("}");
        return string.Join('\n', lines) + "\n";
    }
}
