using ClangSharp.Interop;

namespace MtlHybrid.Bindings.Generator;

/// <summary>
/// From C types to blittable C# types. Fixed-width integers go by their name, never by what they are made of:
/// int64_t is long on Linux and long long on Windows.
/// </summary>
internal sealed class TypeMap
{
    private static readonly Dictionary<string, string> BuiltIn = new(StringComparer.Ordinal)
    {
        ["void"] = "void",
        ["char"] = "byte",
        ["float"] = "float",
        ["double"] = "double",
        ["int8_t"] = "sbyte",
        ["uint8_t"] = "byte",
        ["int16_t"] = "short",
        ["uint16_t"] = "ushort",
        ["int32_t"] = "int",
        ["uint32_t"] = "uint",
        ["int64_t"] = "long",
        ["uint64_t"] = "ulong",
        ["size_t"] = "nuint",
    };

    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    /// <summary>Makes an enum, struct or handle of the header known by its name.</summary>
    public void Declare(string name) => _declared.Add(name);

    /// <summary>The C# type, or an exception that names <paramref name="where"/>.</summary>
    public string Map(CXType type, string where)
    {
        if (type.kind == CXTypeKind.CXType_Pointer)
            return Map(type.PointeeType, where) + "*";

        using CXString spelling = type.Spelling;
        string name = Unqualified(spelling.ToString());
        if (BuiltIn.TryGetValue(name, out string? builtIn))
            return builtIn;
        if (_declared.Contains(name))
            return name;
        throw new HeaderFormatException(
            $"{where}: the type '{spelling}' does not cross the boundary; expected a fixed-width integer, float, double, char, "
            + "a pointer, or an enum, struct or handle declared in this header.");
    }

    private static string Unqualified(string name)
    {
        foreach (string prefix in (string[])["const ", "enum ", "struct "])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                name = name[prefix.Length..];
        }
        return name;
    }
}
