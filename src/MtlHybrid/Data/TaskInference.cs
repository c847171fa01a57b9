namespace MtlHybrid.Data;

/// <summary>Decides from a column of labels what its task predicts and what its classes are.</summary>
internal static class TaskInference
{
    /// <summary>Whole numbers with at most so many different values may well be classes.</summary>
    private const int FewValues = 10;

    /// <param name="table">Where the column stands, for messages.</param>
    /// <param name="column">Labels; categories where text or a declared classification.</param>
    /// <param name="declared">The kind the user wants, if any.</param>
    /// <param name="notes">Receives remarks about what was decided.</param>
    /// <exception cref="DataException">No labels, one class only, a constant number, or classes that do not fit the kind.</exception>
    public static TaskDefinition Infer(Table table, DataColumn column, TaskKind? declared, List<string> notes)
    {
        string name = column.Name;
        if (Enumerable.Range(0, column.Rows).All(column.IsMissing))
            throw new DataException("the target has no labels at all", table.Source, null, name);
        TaskKind kind = declared ?? KindOf(column);
        if (kind == TaskKind.Regression) return InferRegression(table, column, declared, notes);
        return InferClasses(table, column, kind, notes);
    }

    /// <summary>The labels [rows] of a task: the number, or the index of the class; NaN where missing.</summary>
    /// <exception cref="DataException">Text where a number is expected, or a class that the task does not have.</exception>
    public static double[] Labels(Table table, DataColumn column, TaskDefinition task)
    {
        if (task.Kind == TaskKind.Regression) return NumbersOf(table, column);
        DataColumn categories = column.AsCategories();
        Dictionary<string, int> indexOf = [];
        for (int c = 0; c < task.Classes.Count; c++) indexOf.Add(task.Classes[c], c);
        double[] labels = new double[categories.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            int code = categories.Codes[row];
            if (code < 0) labels[row] = double.NaN;
            else if (indexOf.TryGetValue(categories.Categories[code], out int index)) labels[row] = index;
            else
            {
                throw table.CellError(column.Name, row, $"expected a class of task {Quoted.Text(task.Name)}, one of "
                    + $"{Quoted.List([.. task.Classes])}; got {Quoted.Text(categories.Categories[code])}");
            }
        }
        return labels;
    }

    /// <summary>The values [rows] of a column that must be numeric, NaN where missing.</summary>
    /// <exception cref="DataException">Text where a number is expected.</exception>
    public static double[] NumbersOf(Table table, DataColumn column)
    {
        if (!column.IsCategorical) return column.Numbers;
        double[] numbers = new double[column.Rows];
        for (int row = 0; row < numbers.Length; row++)
        {
            int code = column.Codes[row];
            numbers[row] = double.NaN;
            if (code >= 0 && (!CellParser.TryNumber(column.Categories[code], out numbers[row]) || !double.IsFinite(numbers[row])))
                throw table.CellError(column.Name, row, $"expected a number, got {Quoted.Text(column.Categories[code])}");
        }
        return numbers;
    }

    private static TaskDefinition InferClasses(Table table, DataColumn column, TaskKind kind, List<string> notes)
    {
        string name = column.Name;
        string[] classes = CategoryOrder.Sort(column.AsCategories().Categories);
        if (classes.Length < 2)
            throw new DataException($"the target has one class only, {Quoted.Text(classes[0])}; there is nothing to tell apart", table.Source, null, name);
        if (kind == TaskKind.Binary && classes.Length > 2)
        {
            throw new DataException($"expected two classes of a binary target, got {classes.Length}: {Quoted.List(classes)}; "
                + $"--task {Quoted.Text($"{name}:multiclass")} allows more", table.Source, null, name);
        }
        if (kind == TaskKind.Binary && classes[0] != "0")
            notes.Add($"{name}: {Quoted.Text(classes[1])} is the positive class, {Quoted.Text(classes[0])} the negative");
        if (classes.Length > Math.Max(FewValues, column.Rows / 2))
            notes.Add($"{name} has {classes.Length} classes in {column.Rows} rows; is it a target?");
        return new TaskDefinition(name, kind, classes);
    }

    private static TaskKind KindOf(DataColumn column)
    {
        if (column.IsCategorical) return column.Categories.Length > 2 ? TaskKind.MultiClass : TaskKind.Binary;
        return column.Numbers.All(number => double.IsNaN(number) || number is 0 or 1) ? TaskKind.Binary : TaskKind.Regression;
    }

    private static TaskDefinition InferRegression(Table table, DataColumn column, TaskKind? declared, List<string> notes)
    {
        TaskDefinition task = TaskDefinition.Regression(column.Name);
        if (column.IsCategorical) return task; // text among the labels of other tasks in long form; Labels looks at each
        HashSet<double> values = [];
        bool whole = true;
        foreach (double number in column.Numbers)
        {
            if (double.IsNaN(number)) continue;
            whole &= number == Math.Floor(number);
            values.Add(number);
        }
        if (values.Count == 1)
        {
            throw new DataException($"the target is constant, {CellParser.CategoryOf(values.First())} in every row; there is nothing to learn",
                table.Source, null, column.Name);
        }
        if (declared is null && whole && values.Count <= FewValues)
        {
            string kind = values.Count == 2 ? "binary" : "multiclass";
            notes.Add($"{column.Name} has {values.Count} distinct whole numbers and is treated as regression; "
                + $"--task {Quoted.Text($"{column.Name}:{kind}")} makes it classification");
        }
        return task;
    }
}
