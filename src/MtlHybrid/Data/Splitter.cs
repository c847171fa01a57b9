namespace MtlHybrid.Data;

/// <summary>Splits rows into parts; the same data, options and seed give the same parts on every machine.</summary>
/// <remarks>
/// <para>Parts have the asked-for share of the rows, rounded, and at least one row; with groups, as near as whole groups allow.</para>
/// <para>Stratified splits follow iterative stratification (Sechidis, Tsoumakas, Vlahavas 2011) with exact part sizes. What is
/// kept in proportion: every class of every classification task; where all tasks are regression, ten quantile bins (fewer for
/// small data) of the first task; and for regression tasks with missing labels, having a label. The rarest come first, and the
/// training part gets the first of each, so that every class, and every task in long form, can be learned.</para>
/// </remarks>
public static class Splitter
{
    /// <summary>Splits all rows into training, validation and test rows.</summary>
    /// <exception cref="InvalidOptionException">An option is out of range.</exception>
    /// <exception cref="DataException">There are too few rows or groups, or the group column is absent or has missing values.</exception>
    public static DataSplit Split(MultiTaskData data, SplitOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int[] sizes = [0, SizeOf(options.ValidationFraction, data.Rows), SizeOf(options.TestFraction, data.Rows)];
        sizes[0] = data.Rows - sizes[1] - sizes[2];
        if (sizes[0] < 1)
        {
            throw new DataException($"{data.Rows} rows are too few for ValidationFraction {options.ValidationFraction} "
                + $"and TestFraction {options.TestFraction}; every part needs a row", data.Source);
        }
        int[][] parts = Divide(data, options, AllRows(data), sizes, seed, 0, firstTrains: true);
        return new DataSplit(parts[0], parts[1], parts[2]);
    }

    /// <summary>Splits all rows into folds; split i tests on fold i and validates on <see cref="SplitOptions.ValidationFraction"/> of
    /// all rows, taken from the others by the same method (by order: the last of them).</summary>
    /// <param name="data">The table.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="options">Method and validation fraction; the test fraction is not used.</param>
    /// <param name="seed">Decides all chance.</param>
    /// <exception cref="InvalidOptionException">An option is out of range.</exception>
    /// <exception cref="DataException">There are too few rows or groups, or the group column is absent or has missing values.</exception>
    public static IReadOnlyList<DataSplit> KFold(MultiTaskData data, int folds, SplitOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        (options with { TestFraction = 0 }).Validate();
        InvalidOptionException.Require(folds >= 2, "Folds", "at least 2", folds);
        int validation = SizeOf(options.ValidationFraction, data.Rows);
        if (data.Rows < folds || data.Rows - (data.Rows + folds - 1) / folds - validation < 1)
        {
            throw new DataException($"{data.Rows} rows are too few for {folds} folds and ValidationFraction {options.ValidationFraction}; "
                + "every part needs a row", data.Source);
        }
        int[] sizes = [.. Enumerable.Range(0, folds).Select(fold => data.Rows / folds + (fold < data.Rows % folds ? 1 : 0))];
        int[] all = AllRows(data);
        int[][] tests = Divide(data, options, all, sizes, seed, 0, firstTrains: false);
        return [.. tests.Select((test, fold) =>
        {
            int[] rest = [.. all.Except(test)];
            int held = Math.Min(validation, rest.Length - 1); // a fold of whole groups may be larger than planned
            if (held == 0 && validation > 0) throw new DataException($"fold {fold} leaves no rows to learn from and to validate on", data.Source);
            int[][] parts = Divide(data, options, rest, [rest.Length - held, held], seed, fold + 1, firstTrains: true);
            return new DataSplit(parts[0], parts[1], test);
        })];
    }

    /// <summary>A share of the rows, rounded; at least one row unless the share is 0.</summary>
    private static int SizeOf(double fraction, int rows) =>
        fraction == 0 ? 0 : Math.Max(1, (int)Math.Round(fraction * rows, MidpointRounding.AwayFromZero));

    private static int[] AllRows(MultiTaskData data) => [.. Enumerable.Range(0, data.Rows)];

    private static int[][] Divide(MultiTaskData data, SplitOptions options, int[] rows, int[] sizes, ulong seed, long draw, bool firstTrains)
    {
        SeededGenerator random = new(seed, draw);
        int[][] parts = options.Method switch
        {
            SplitMethod.Order => Deal(rows, sizes),
            SplitMethod.Group => GroupDivision.Divide(data.Table, options.GroupColumn!, rows, sizes, ref random),
            SplitMethod.Stratified => StratifiedDivision.Divide(LabelStrata.Of(data), rows, sizes, firstTrains, ref random),
            _ => DealShuffled(rows, sizes, ref random),
        };
        foreach (int[] part in parts) Array.Sort(part);
        return parts;
    }

    private static int[][] DealShuffled(int[] rows, int[] sizes, ref SeededGenerator random)
    {
        int[] shuffled = [.. rows];
        random.Shuffle(shuffled);
        return Deal(shuffled, sizes);
    }

    private static int[][] Deal(int[] rows, int[] sizes)
    {
        int begin = 0;
        return [.. sizes.Select(size => rows[begin..(begin += size)])];
    }
}
