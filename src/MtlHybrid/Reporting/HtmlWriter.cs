using System.Globalization;
using System.Net;
using System.Text;

namespace MtlHybrid.Reporting;

/// <summary>
/// Builds HTML and SVG text. Everything passed to <see cref="Text"/> and as an attribute value is escaped; only
/// <see cref="Raw"/> is not, and it is for markup written in this folder.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup as it is.</summary>
    public HtmlWriter Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Appends text, escaped.</summary>
    public HtmlWriter Text(string text) => Raw(WebUtility.HtmlEncode(text));

    /// <summary>Opens an element.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes) => Start(element, attributes).Raw(">");

    /// <summary>Closes an element.</summary>
    public HtmlWriter Close(string element) => Raw("</").Raw(element).Raw(">");

    /// <summary>An element with text.</summary>
    public HtmlWriter Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(element, attributes).Text(text).Close(element);

    /// <summary>An element without content, as SVG has many.</summary>
    public HtmlWriter Empty(string element, params ReadOnlySpan<(string Name, string Value)> attributes) => Start(element, attributes).Raw("/>");

    private HtmlWriter Start(string element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Raw("<").Raw(element);
        foreach ((string name, string value) in attributes)
            Raw(" ").Raw(name).Raw("=\"").Text(value).Raw("\"");
        return this;
    }

    /// <summary>A coordinate with at most one decimal.</summary>
    public static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
