namespace MtlHybrid.Data;

/// <summary>Encodes single rows as they come, without allocating: for serving. Immutable; any number of threads.</summary>
internal sealed class RowEncoder
{
    private readonly NumericInput[] _numeric;
    private readonly string[] _categoricalNames;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>[] _codes;
    private readonly CellParser _parser;
    private readonly int _indicators;

    public RowEncoder(EncoderDescription description)
    {
        _numeric = [.. description.NumericInputs];
        _indicators = _numeric.Count(input => input.HasIndicator);
        _categoricalNames = [.. description.CategoricalInputs.Select(input => input.Name)];
        _codes = [.. description.CategoricalInputs.Select(CodesOf)];
        _parser = new CellParser(description.MissingValues);
    }

    /// <summary>Numbers per row.</summary>
    public int Numbers => _numeric.Length;

    /// <param name="numbers">[<see cref="Numbers"/>], NaN missing.</param>
    /// <param name="features">[numbers + indicators], written.</param>
    /// <exception cref="DataException">A number is infinite or too far from the training data.</exception>
    public void Encode(ReadOnlySpan<double> numbers, Span<float> features)
    {
        int indicator = _numeric.Length;
        for (int i = 0; i < _numeric.Length; i++)
        {
            NumericInput input = _numeric[i];
            bool missing = double.IsNaN(numbers[i]);
            float standardised = missing ? 0 : (float)((numbers[i] - input.Mean) / input.Scale);
            if (float.IsInfinity(standardised))
            {
                throw new DataException(
                    $"{numbers[i]} is too far from the training data (mean {input.Mean}, standard deviation {input.Scale})", file: null, column: input.Name);
            }

            features[i] = standardised;
            if (input.HasIndicator) features[indicator++] = missing ? 1 : 0;
        }
    }

    /// <summary>Features per row.</summary>
    public int Features => _numeric.Length + _indicators;

    /// <summary>The code of a category as it is written in a table.</summary>
    public int Code(int input, ReadOnlySpan<char> category)
    {
        if ((uint)input >= (uint)_codes.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input), $"expected a categorical input in 0 ... {_codes.Length - 1} ({string.Join(", ", _categoricalNames)}), got {input}");
        }

        ReadOnlySpan<char> text = category.Trim();
        if (_codes[input].TryGetValue(text, out int code)) return code;
        // Another spelling of a number: "3.0" for "3".
        if (_parser.Parse(text, out double number) is not (CellKind.Number or CellKind.Infinite)) return 0;
        Span<char> spelling = stackalloc char[32];
        bool known = CellParser.TryFormatCategory(number, spelling, out int length) && _codes[input].TryGetValue(spelling[..length], out code);
        return known ? code : 0;
    }

    private static Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> CodesOf(CategoricalInput input)
    {
        Dictionary<string, int> codes = new(StringComparer.Ordinal);
        foreach (string category in input.Categories) codes.Add(category, codes.Count + 1);
        return codes.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
