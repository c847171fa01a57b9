using System.Globalization;

namespace MtlHybrid.Data;

/// <summary>Decides what the text of a cell is: missing, a number, or text.</summary>
internal sealed class CellParser
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _missingTexts;
    private readonly HashSet<double> _missingNumbers = [];

    /// <param name="missingValues">Texts that mean "not known"; those that are numbers count by value.</param>
    public CellParser(IEnumerable<string> missingValues)
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (string missing in missingValues)
        {
            texts.Add(missing.Trim());
            if (TryNumber(missing.AsSpan().Trim(), out double number)) _missingNumbers.Add(number);
        }
        _missingTexts = texts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="cell">Text without surrounding white space.</param>
    /// <param name="number">The value of a number, infinity included; NaN when missing or text.</param>
    public CellKind Parse(ReadOnlySpan<char> cell, out double number)
    {
        number = double.NaN;
        if (_missingTexts.Contains(cell)) return CellKind.Missing;
        if (!TryNumber(cell, out double value)) return CellKind.Text;
        if (double.IsNaN(value) || _missingNumbers.Contains(value)) return CellKind.Missing;
        number = value;
        return double.IsInfinity(value) ? CellKind.Infinite : CellKind.Number;
    }

    /// <summary>Numbers with a decimal point and perhaps an exponent, in no country's manner; infinities and NaN too.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            value += 0.0; // -0 becomes 0: one number, one class name
            return true;
        }
        ReadOnlySpan<char> magnitude = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        if (!magnitude.Equals("inf", StringComparison.OrdinalIgnoreCase)) return false;
        value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    /// <summary>The one spelling of a number as a category: "3", "3.0" and "3e0" are one category.</summary>
    public static string CategoryOf(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>As <see cref="CategoryOf"/>, into memory of the caller; 32 characters are enough.</summary>
    public static bool TryFormatCategory(double number, Span<char> text, out int length) =>
        number.TryFormat(text, out length, "R", CultureInfo.InvariantCulture);

    /// <summary>True for what a decimal comma makes of a number: "2,5".</summary>
    public static bool HasDecimalComma(ReadOnlySpan<char> text)
    {
        int comma = text.IndexOf(',');
        if (comma < 0 || text[(comma + 1)..].IndexOf(',') >= 0) return false;
        Span<char> pointed = stackalloc char[32];
        if (text.Length > pointed.Length) return false;
        text.CopyTo(pointed);
        pointed[comma] = '.';
        return TryNumber(pointed[..text.Length], out _);
    }
}
