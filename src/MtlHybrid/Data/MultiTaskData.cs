using Microsoft.Extensions.Logging;

namespace MtlHybrid.Data;

/// <summary>A table of rows: inputs, and for every task a label that may be missing. Immutable.</summary>
public sealed class MultiTaskData
{
    private readonly IReadOnlyList<double[]> _labels;

    internal MultiTaskData(Table table, LabelledTasks tasks, IReadOnlyList<InputColumn> inputs, DataOptions options,
        IReadOnlyList<string> notes)
    {
        Table = table;
        Tasks = tasks.Definitions;
        _labels = tasks.Labels;
        Inputs = inputs;
        Options = options;
        Notes = notes;
    }

    /// <summary>Path of the file, or "data in memory".</summary>
    public string Source => Table.Source;

    /// <summary>Number of rows.</summary>
    public int Rows => Table.Rows;

    /// <summary>The tasks: in the order of the targets; in long form by value of the task column (numbers by value, else ordinal).</summary>
    public IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>The input columns, in the order of the file.</summary>
    public IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>Remarks in plain language on what was found and decided; none when nothing is remarkable.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How the data were read; for data in memory the defaults, with the tasks as targets.</summary>
    public DataOptions Options { get; }

    internal Table Table { get; }

    /// <summary>The labels of a task [rows] in file order: raw units for regression, the class index for classification, NaN where missing.</summary>
    /// <param name="task">Index in <see cref="Tasks"/>.</param>
    public ReadOnlySpan<double> Labels(int task) => _labels[task];

    /// <summary>The same rows and inputs with some of the tasks only; nothing is copied.</summary>
    /// <param name="tasks">Indices in <see cref="Tasks"/>, in the order wanted; at least one.</param>
    public MultiTaskData WithTasks(params ReadOnlySpan<int> tasks)
    {
        if (tasks.IsEmpty) throw new ArgumentException("at least one task is needed", nameof(tasks));
        LabelledTasks chosen = new();
        foreach (int task in tasks) chosen.Add(Tasks[task], _labels[task]);
        return new MultiTaskData(Table, chosen, Inputs, Options, Notes);
    }

    /// <summary>Reads a CSV file with a header, plain or gzip; types and tasks are inferred where the options do not say.</summary>
    /// <param name="path">The file. Fields may be quoted; numbers are written with a decimal point.</param>
    /// <param name="options">Which columns are what.</param>
    /// <param name="logger">Receives the notes.</param>
    /// <exception cref="InvalidOptionException">The options contradict each other.</exception>
    /// <exception cref="DataException">The file cannot be read or used; names line and column.</exception>
    public static MultiTaskData Load(string path, DataOptions options, ILogger? logger = null) => Load(path, options, null, logger);

    /// <summary>Reads a file for an existing model: kinds and classes are the model's, and labels need not vary or exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The options the model's data was read with.</param>
    /// <param name="tasks">The model's tasks; null to infer them.</param>
    /// <param name="logger">Receives the notes.</param>
    /// <exception cref="InvalidOptionException">The options contradict each other.</exception>
    /// <exception cref="DataException">The file cannot be read or used, or has a class or task that the model does not know.</exception>
    public static MultiTaskData Load(string path, DataOptions options, IReadOnlyList<TaskDefinition>? tasks, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        MultiTaskData data = new TableLoader(path, options, tasks).Load();
        logger?.LogInformation("{Source}: {Rows} rows, {Inputs} inputs, {Tasks} tasks", data.Source, data.Rows, data.Inputs.Count, data.Tasks.Count);
        foreach (string note in data.Notes) logger?.LogInformation("{Note}", note);
        return data;
    }

    /// <summary>Data from memory; the arrays are copied.</summary>
    /// <param name="inputs">[rows, columns], NaN where missing.</param>
    /// <param name="labels">[rows, tasks]: raw units for regression, the class index for classification, NaN where missing.</param>
    /// <param name="tasks">What is predicted. Null infers it as for a file (labels 0 and 1 binary, else regression; names "task0" ...) and
    /// then, as there, every task must have different labels.</param>
    /// <param name="inputNames">Names of the input columns; "x0", "x1" ... by default.</param>
    /// <exception cref="DataException">Shapes do not fit, a value is infinite, a label is no class, or a name comes twice.</exception>
    public static MultiTaskData FromArrays(double[,] inputs, double[,] labels, IReadOnlyList<TaskDefinition>? tasks = null,
        IReadOnlyList<string>? inputNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        return ArrayLoader.Load(inputs, labels, tasks, inputNames);
    }
}
