namespace MtlHybrid.Data;

/// <summary>The values of one column: numbers (NaN missing) or codes of categories (-1 missing).</summary>
internal sealed class DataColumn
{
    private readonly double[]? _numbers;
    private readonly int[]? _codes;

    private DataColumn(string name, double[]? numbers, int[]? codes, string[] categories)
    {
        Name = name;
        _numbers = numbers;
        _codes = codes;
        Categories = categories;
    }

    public string Name { get; }

    public bool IsCategorical => _codes is not null;

    /// <summary>[rows], NaN missing; of numeric columns only.</summary>
    public double[] Numbers => _numbers ?? throw new InvalidOperationException($"{Name} is categorical");

    /// <summary>[rows], indices of <see cref="Categories"/>, -1 missing; of categorical columns only.</summary>
    public int[] Codes => _codes ?? throw new InvalidOperationException($"{Name} is numeric");

    /// <summary>In order of appearance; empty for numeric columns.</summary>
    public string[] Categories { get; }

    public int Rows => _numbers?.Length ?? _codes!.Length;

    public static DataColumn OfNumbers(string name, double[] numbers) => new(name, numbers, null, []);

    public static DataColumn OfCategories(string name, int[] codes, string[] categories) => new(name, null, codes, categories);

    public bool IsMissing(int row) => _codes is null ? double.IsNaN(_numbers![row]) : _codes[row] < 0;

    /// <summary>The column with all rows but the kept ones missing.</summary>
    public DataColumn Where(Func<int, bool> keep)
    {
        if (IsCategorical) return OfCategories(Name, [.. Codes.Select((code, row) => keep(row) ? code : -1)], Categories);
        return OfNumbers(Name, [.. Numbers.Select((number, row) => keep(row) ? number : double.NaN)]);
    }

    /// <summary>The same values as categories: every number becomes its <see cref="CellParser.CategoryOf"/>.</summary>
    public DataColumn AsCategories()
    {
        if (IsCategorical) return this;
        Dictionary<double, int> codeOf = [];
        int[] codes = new int[Rows];
        for (int row = 0; row < codes.Length; row++)
        {
            double number = Numbers[row];
            if (double.IsNaN(number))
            {
                codes[row] = -1;
                continue;
            }
            if (!codeOf.TryGetValue(number, out int code)) codeOf.Add(number, code = codeOf.Count);
            codes[row] = code;
        }
        return OfCategories(Name, codes, [.. codeOf.Keys.Select(CellParser.CategoryOf)]);
    }
}
