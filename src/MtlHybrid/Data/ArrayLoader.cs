namespace MtlHybrid.Data;

/// <summary>Checks arrays and makes a table of them.</summary>
internal static class ArrayLoader
{
    private const string Source = "data in memory";

    public static MultiTaskData Load(double[,] inputs, double[,] labels, IReadOnlyList<TaskDefinition>? tasks, IReadOnlyList<string>? inputNames)
    {
        int rows = inputs.GetLength(0), columns = inputs.GetLength(1), count = labels.GetLength(1);
        Require(rows > 0, "expected at least one row of inputs, got none");
        Require(columns > 0, "expected at least one column of inputs, got none");
        Require(labels.GetLength(0) == rows, $"expected {rows} rows of labels as of inputs, got {labels.GetLength(0)}");
        Require(count > 0, "expected at least one column of labels, got none");
        Require(tasks is null || tasks.Count == count, $"expected {count} tasks as there are columns of labels, got {tasks?.Count}");
        Require(inputNames is null || inputNames.Count == columns, $"expected {columns} names as there are columns of inputs, got {inputNames?.Count}");
        inputNames ??= [.. Enumerable.Range(0, columns).Select(c => $"x{c}")];
        RequireDifferent(inputNames, "an input");
        if (tasks is not null) RequireDifferent([.. tasks.Select(task => task.Name)], "a task");

        Table table = new(Source, rows, [.. inputNames.Select((name, c) => Column(inputs, c, name))], null);
        List<string> notes = [];
        LabelledTasks labelled = new();
        for (int t = 0; t < count; t++)
        {
            DataColumn column = Column(labels, t, tasks?[t].Name ?? $"task{t}");
            TaskDefinition task = tasks?[t] ?? TaskInference.Infer(table, column, null, notes);
            RequireClasses(table, column, task);
            labelled.Add(task, column.Numbers);
        }
        return new MultiTaskData(table, labelled, [.. inputNames.Select(name => new InputColumn(name, false))],
            new DataOptions { Targets = [.. labelled.Definitions.Select(task => task.Name)] }, notes);
    }

    private static DataColumn Column(double[,] values, int column, string name)
    {
        double[] numbers = new double[values.GetLength(0)];
        for (int row = 0; row < numbers.Length; row++)
        {
            numbers[row] = values[row, column];
            if (double.IsInfinity(numbers[row]))
                throw new DataException($"row {row}: expected a finite number or NaN for missing, got {numbers[row]}", Source, null, name);
        }
        return DataColumn.OfNumbers(name, numbers);
    }

    private static void RequireClasses(Table table, DataColumn labels, TaskDefinition task)
    {
        if (task.Kind == TaskKind.Regression) return;
        for (int row = 0; row < labels.Rows; row++)
        {
            double label = labels.Numbers[row];
            if (double.IsNaN(label) || (label >= 0 && label < task.Classes.Count && label == Math.Floor(label))) continue;
            throw table.CellError(labels.Name, row, $"expected a class index from 0 to {task.Classes.Count - 1}, got {label}");
        }
    }

    private static void RequireDifferent(IReadOnlyList<string> names, string what)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names) Require(seen.Add(name), $"the name {Quoted.Text(name)} is given to {what} twice");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new DataException(message, Source);
    }
}
