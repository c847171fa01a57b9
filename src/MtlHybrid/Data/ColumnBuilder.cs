namespace MtlHybrid.Data;

/// <summary>Collects the cells of one column and settles its type.</summary>
/// <param name="file">For messages.</param>
/// <param name="name">Name of the column.</param>
/// <param name="request">How the cells are to be understood.</param>
/// <param name="parser">Knows what means "missing".</param>
internal sealed class ColumnBuilder(string file, string name, ColumnRequest request, CellParser parser)
{
    /// <summary>Above this share of numbers, text is taken for a mistake and not for a category.</summary>
    private const double MostlyNumbers = 0.9;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private List<double>? _numbers = request.Reading == ColumnReading.Categories ? null : [];
    private List<int> _codes = [];
    private int _numberCount;
    private int _textCount;
    private int _decimalCommas;
    private (long Line, string Text) _firstText;
    private (long Line, string Text)? _firstInfinity;

    /// <param name="cell">Text without surrounding white space.</param>
    /// <param name="line">Line of the file.</param>
    public void Add(ReadOnlySpan<char> cell, long line)
    {
        CellKind kind = parser.Parse(cell, out double number);
        switch (kind)
        {
            case CellKind.Text:
                AddText(cell, line);
                return;
            case CellKind.Infinite:
                _firstInfinity ??= (line, cell.ToString());
                if (request.Reading == ColumnReading.Numbers) throw InfinityError();
                break;
        }
        if (kind != CellKind.Missing) _numberCount++;
        if (_numbers is not null) _numbers.Add(number);
        else _codes.Add(kind == CellKind.Missing ? -1 : CodeOf(CellParser.CategoryOf(number)));
    }

    /// <summary>The column, once all cells are in.</summary>
    /// <exception cref="DataException">Text among numbers, or an infinite number.</exception>
    public DataColumn Build()
    {
        if (_numbers is not null)
            return _firstInfinity is null ? DataColumn.OfNumbers(name, [.. _numbers]) : throw InfinityError();
        if (request.Reading == ColumnReading.Infer)
        {
            int present = _numberCount + _textCount;
            if (_numberCount >= MostlyNumbers * present) throw TextError($" ({_numberCount} of {present} values are numbers)");
            if (_decimalCommas > 0 && _numberCount + _decimalCommas >= MostlyNumbers * present) throw TextError("");
        }
        string[] categories = new string[_codeOf.Count];
        foreach ((string category, int code) in _codeOf) categories[code] = category;
        return DataColumn.OfCategories(name, [.. _codes], categories);
    }

    private void AddText(ReadOnlySpan<char> cell, long line)
    {
        if (_textCount++ == 0) _firstText = (line, cell.ToString());
        if (request.Reading == ColumnReading.Numbers) throw TextError("");
        if (_numbers is not null) TurnIntoCategories();
        if (CellParser.HasDecimalComma(cell)) _decimalCommas++;
        _codes.Add(CodeOf(cell));
    }

    private void TurnIntoCategories()
    {
        _codes = [.. _numbers!.Select(number => double.IsNaN(number) ? -1 : CodeOf(CellParser.CategoryOf(number)))];
        _numbers = null;
    }

    private int CodeOf(ReadOnlySpan<char> category)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(category, out int code)) _codeOf.Add(category.ToString(), code = _codeOf.Count);
        return code;
    }

    private DataException InfinityError() =>
        new($"expected a finite number, got {Quoted.Text(_firstInfinity!.Value.Text)}", file, _firstInfinity.Value.Line, name);

    private DataException TextError(string share)
    {
        string text = _firstText.Text;
        string remedy = CellParser.HasDecimalComma(text) ? "; numbers are written with a decimal point, not a comma"
            : request.TextRemedy is null ? ""
            : $"; {request.TextRemedy}, if the text means \"not known\" use --missing {Quoted.Text(text)}";
        return new DataException($"expected a number, got {Quoted.Text(text)}{share}{remedy}", file, _firstText.Line, name);
    }
}
