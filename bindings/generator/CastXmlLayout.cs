using System.Globalization;
using System.Xml.Linq;

namespace MtlHybrid.Bindings.Generator;

/// <summary>The lines of <see cref="AbiLayout"/> from the output of castxml, an independent reader of C headers.</summary>
internal sealed class CastXmlLayout
{
    private readonly XElement _root;
    private readonly Dictionary<string, XElement> _byId;

    private CastXmlLayout(XElement root)
    {
        _root = root;
        _byId = root.Elements().Where(e => e.Attribute("id") is not null)
            .ToDictionary(e => e.Attribute("id")!.Value, StringComparer.Ordinal);
    }

    /// <summary>Reads the declarations of <paramref name="headerName"/> out of castxml's XML.</summary>
    public static IReadOnlyList<string> Describe(string xmlPath, string headerName)
    {
        var layout = new CastXmlLayout(XDocument.Load(xmlPath).Root!);
        string file = layout._root.Elements("File").Single(e => Path.GetFileName(Text(e, "name")) == headerName).Attribute("id")!.Value;
        return [.. layout.Structs(file), .. layout.Enums(file)];
    }

    private IEnumerable<string> Structs(string file)
    {
        foreach (XElement type in Declared("Struct", file).Where(e => e.Attribute("incomplete") is null))
        {
            yield return $"{Text(type, "name")} size {Bytes(type, "size")}";
            foreach (string id in Text(type, "members").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (_byId[id].Name.LocalName == "Field")
                    yield return $"{Text(type, "name")}.{Text(_byId[id], "name")} {Bytes(_byId[id], "offset")} {SizeOf(Text(_byId[id], "type"))}";
            }
        }
    }

    private IEnumerable<string> Enums(string file)
    {
        foreach (XElement type in Declared("Enumeration", file))
        {
            yield return $"{Text(type, "name")} size {Bytes(type, "size")}";
            foreach (XElement member in type.Elements("EnumValue"))
                yield return $"{Text(type, "name")}.{Text(member, "name")} {Text(member, "init")}";
        }
    }

    private IEnumerable<XElement> Declared(string kind, string file) =>
        _root.Elements(kind).Where(e => e.Attribute("file")?.Value == file)
            .OrderBy(e => int.Parse(Text(e, "line"), CultureInfo.InvariantCulture));

    private long SizeOf(string id)
    {
        XElement type = _byId[id.TrimEnd('c', 'v', 'r')]; // the letters mark const, volatile, restrict
        return type.Name.LocalName switch
        {
            "Typedef" or "ElaboratedType" => SizeOf(Text(type, "type")),
            "ArrayType" => SizeOf(Text(type, "type")) * (long.Parse(Text(type, "max"), CultureInfo.InvariantCulture) + 1),
            _ => Bytes(type, "size"),
        };
    }

    private static long Bytes(XElement element, string attribute) =>
        long.Parse(Text(element, attribute), CultureInfo.InvariantCulture) / 8;

    private static string Text(XElement element, string attribute) =>
        element.Attribute(attribute)?.Value
        ?? throw new HeaderFormatException($"castxml output: a {element.Name.LocalName} without '{attribute}'.");
}
