namespace MtlHybrid.Data;

/// <summary>Turns tables into what a network reads, with what it learned from the training rows alone.</summary>
/// <remarks>Features are the standardised numeric inputs in the order of the file, then the indicators of missing values in the
/// same order. Constant inputs and inputs without values are dropped. Missing numbers become the mean, that is 0.</remarks>
public sealed class DataEncoder
{
    private readonly EncoderDescription _description;
    private readonly string[] _indicators;

    private DataEncoder(EncoderDescription description, IReadOnlyList<string> notes)
    {
        _description = description;
        _indicators = [.. description.NumericInputs.Where(input => input.HasIndicator).Select(input => input.Name)];
        Notes = notes;
        FeatureNames = [.. description.NumericInputs.Select(input => input.Name), .. _indicators.Select(name => $"{name} is missing")];
        NumericInputs = [.. description.NumericInputs.Select(input => input.Name)];
        CategoricalInputs = [.. description.CategoricalInputs.Select(input => input.Name)];
        RowEncoder = new RowEncoder(description);
        CategoryCounts = [.. description.CategoricalInputs.Select(input => input.Categories.Count + 1)];
        TargetMeans = [.. description.TargetMeans];
        TargetScales = [.. description.TargetScales];
    }

    /// <summary>The tasks of the training data.</summary>
    public IReadOnlyList<TaskDefinition> Tasks => _description.Tasks;

    /// <summary>Numeric features, indicators included; may be 0 when all inputs are categorical.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>What each feature is.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Names of the numeric inputs, in the order in which a single row has its numbers.</summary>
    public IReadOnlyList<string> NumericInputs { get; }

    /// <summary>Names of the categorical inputs, in the order in which a single row has its codes.</summary>
    public IReadOnlyList<string> CategoricalInputs { get; }

    /// <summary>Encodes single rows without allocating.</summary>
    internal RowEncoder RowEncoder { get; }

    /// <summary>Per categorical input the number of codes, 0 for "missing or unknown" included.</summary>
    public IReadOnlyList<int> CategoryCounts { get; }

    /// <summary>Per task: what was subtracted from the labels; 0 for classification.</summary>
    public double[] TargetMeans { get; }

    /// <summary>Per task: what the labels were then divided by; 1 for classification.</summary>
    public double[] TargetScales { get; }

    /// <summary>Remarks in plain language on dropped inputs and on tasks that lack labels or classes; empty for a loaded encoder.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Learns means, scales and categories.</summary>
    /// <param name="data">The table.</param>
    /// <param name="trainRows">Indices of the rows to learn from; at least one.</param>
    /// <exception cref="DataException">There are no training rows, or no input varies in them.</exception>
    public static DataEncoder Fit(MultiTaskData data, ReadOnlySpan<int> trainRows)
    {
        ArgumentNullException.ThrowIfNull(data);
        List<string> notes = [];
        return new DataEncoder(EncoderFit.Learn(data, trainRows, notes), notes);
    }

    /// <summary>Inputs and labels of all rows.</summary>
    /// <param name="data">A table with the same tasks and at least the same inputs.</param>
    /// <exception cref="DataException">An input is absent or of another type, or the tasks differ.</exception>
    public EncodedData Encode(MultiTaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireSameTasks(data);
        EncodedInputs inputs = EncodeInputs(data);
        float[] labels = new float[SizeOf(data.Table, Tasks.Count)];
        for (int t = 0; t < Tasks.Count; t++)
        {
            ReadOnlySpan<double> raw = data.Labels(t);
            for (int row = 0; row < raw.Length; row++)
                labels[row * Tasks.Count + t] = Standardise(raw[row], TargetMeans[t], TargetScales[t], data.Table, Tasks[t].Name, row);
        }
        return new EncodedData(inputs.Rows, inputs.Features, inputs.CategoricalColumns, Tasks.Count, inputs.FeatureValues, inputs.Codes, labels);
    }

    /// <summary>Inputs of all rows; the tasks of the table do not matter.</summary>
    /// <param name="data">A table with at least the inputs this encoder uses.</param>
    /// <exception cref="DataException">An input is absent or of another type.</exception>
    public EncodedInputs EncodeInputs(MultiTaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return EncodeTable(data.Table);
    }

    /// <summary>Inputs of all rows of a CSV file; columns that are no inputs are not looked at.</summary>
    /// <param name="path">The file, plain or gzip, with a header.</param>
    /// <exception cref="DataException">The file cannot be read, an input is absent, or text stands where a number must.</exception>
    public EncodedInputs EncodeFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Dictionary<string, ColumnRequest> requests = new(StringComparer.Ordinal);
        foreach (NumericInput input in _description.NumericInputs) requests.Add(input.Name, new ColumnRequest(ColumnReading.Numbers));
        foreach (CategoricalInput input in _description.CategoricalInputs) requests.Add(input.Name, ColumnRequest.Categories);
        return EncodeTable(CsvTable.Read(path, new CellParser(_description.MissingValues), header =>
        {
            foreach (string name in requests.Keys)
                if (!header.Contains(name)) throw Table.UnknownColumn(path, name, "an input of the model", header);
            return [.. header.Select(name => requests.GetValueOrDefault(name, ColumnRequest.Skip))];
        }, []));
    }

    /// <summary>The code of a category, for rows that do not come from a table. Does not allocate; any number of threads.</summary>
    /// <param name="input">Index in <see cref="CategoricalInputs"/>.</param>
    /// <param name="category">The category as a table would have it; numbers in any spelling.</param>
    /// <returns>The code; 0 when the category is missing or was not seen in training.</returns>
    public int CategoryCode(int input, ReadOnlySpan<char> category) => RowEncoder.Code(input, category);

    /// <summary>Everything learned, to be saved with a model.</summary>
    public EncoderDescription Describe() => _description;

    /// <summary>The encoder that <see cref="Describe"/> described.</summary>
    /// <exception cref="DataException">The description is damaged.</exception>
    public static DataEncoder FromDescription(EncoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        description.Validate();
        return new DataEncoder(description, []);
    }

    private EncodedInputs EncodeTable(Table table)
    {
        float[] features = new float[SizeOf(table, FeatureCount)];
        int feature = 0, indicator = _description.NumericInputs.Count;
        foreach (NumericInput input in _description.NumericInputs)
        {
            double[] values = TaskInference.NumbersOf(table, table.Column(input.Name, "an input of the model"));
            for (int row = 0; row < values.Length; row++)
            {
                features[row * FeatureCount + feature] =
                    double.IsNaN(values[row]) ? 0 : Standardise(values[row], input.Mean, input.Scale, table, input.Name, row);
            }
            feature++;
            if (!input.HasIndicator) continue;
            for (int row = 0; row < values.Length; row++) features[row * FeatureCount + indicator] = double.IsNaN(values[row]) ? 1 : 0;
            indicator++;
        }

        int columns = CategoryCounts.Count;
        int[] codes = new int[SizeOf(table, columns)];
        for (int c = 0; c < columns; c++) EncodeCategories(table, _description.CategoricalInputs[c], codes.AsSpan(c), columns);
        return new EncodedInputs(table.Rows, FeatureCount, columns, features, codes);
    }

    private static void EncodeCategories(Table table, CategoricalInput input, Span<int> codes, int stride)
    {
        DataColumn column = table.Column(input.Name, "an input of the model").AsCategories();
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        foreach (string category in input.Categories) known.Add(category, known.Count + 1);
        int[] codeOf = [.. column.Categories.Select(category => known.GetValueOrDefault(category))];
        for (int row = 0; row < table.Rows; row++)
        {
            int code = column.Codes[row];
            if (code >= 0) codes[row * stride] = codeOf[code];
        }
    }

    private static float Standardise(double value, double mean, double scale, Table table, string column, int row)
    {
        float standardised = (float)((value - mean) / scale);
        return float.IsInfinity(standardised)
            ? throw table.CellError(column, row, $"{value} is too far from the training data (mean {mean}, standard deviation {scale})")
            : standardised;
    }

    private static int SizeOf(Table table, int columns) => (long)table.Rows * columns <= Array.MaxLength
        ? table.Rows * columns
        : throw new DataException($"{table.Rows} rows x {columns} columns are more than one array can hold", table.Source);

    private void RequireSameTasks(MultiTaskData data)
    {
        bool same = data.Tasks.Count == Tasks.Count;
        for (int t = 0; same && t < Tasks.Count; t++)
        {
            TaskDefinition mine = Tasks[t], other = data.Tasks[t];
            same = mine.Name == other.Name && mine.Kind == other.Kind && mine.Classes.SequenceEqual(other.Classes);
        }
        if (!same)
        {
            throw new DataException($"expected the tasks {Quoted.List([.. Tasks.Select(task => task.Name)])} with the kinds and classes of the "
                + "training data, got others; load the file with the tasks of the model", data.Source);
        }
    }
}
