namespace MtlHybrid.Data;

/// <summary>How a table is read: which columns are targets, which are inputs, and of what type.</summary>
public sealed record DataOptions
{
    /// <summary>Names of the target columns, in task order.</summary>
    /// <value>At least one, each once.</value>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>What a task predicts, where the values do not say so (classes written as numbers, for example).</summary>
    /// <value>By name of the target column; with <see cref="TaskColumn"/> also by task. Empty by default: text targets are
    /// binary or multi-class, numbers 0 and 1 binary, other numbers regression.</value>
    public IReadOnlyDictionary<string, TaskKind> TaskKinds { get; init; } = new Dictionary<string, TaskKind>();

    /// <summary>Names of columns that are neither inputs nor targets (row numbers, serial numbers, dates).</summary>
    /// <value>Empty by default. An ignored column can still be the group column of a split.</value>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Names of inputs whose values are categories even if they are written as numbers.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Names of inputs that must be numbers; text in them is an error.</summary>
    /// <value>Empty by default: inputs with nothing but numbers are numeric.</value>
    public IReadOnlyList<string> Numeric { get; init; } = [];

    /// <summary>Texts that mean "not known".</summary>
    /// <value>Compared with the cell without surrounding white space, case included; one that is a number ("-200") also
    /// stands for its other spellings ("-200.0").</value>
    public IReadOnlyList<string> MissingValues { get; init; } = DefaultMissingValues;

    /// <summary>Long form: the column that says which task's label a row has, the one target column holding the label.</summary>
    /// <value>Null by default: every target column is a task.</value>
    public string? TaskColumn { get; init; }

    /// <summary>The default of <see cref="MissingValues"/>.</summary>
    public static IReadOnlyList<string> DefaultMissingValues { get; } = ["", "?", "NA", "N/A", "NaN", "nan", "null"];

    /// <summary>Throws when options contradict each other; names are compared with the file when it is read.</summary>
    /// <exception cref="InvalidOptionException">Names the option.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Targets.Count > 0, nameof(Targets), "at least one column", "none");
        HashSet<string> targets = new(Targets.Count);
        foreach (string target in Targets)
            InvalidOptionException.Require(targets.Add(target), nameof(Targets), "a list of different columns", $"{Quoted.Text(target)} twice");
        RequireNoTarget(Ignore, nameof(Ignore));
        RequireNoTarget(Categorical, nameof(Categorical));
        RequireNoTarget(Numeric, nameof(Numeric));
        foreach (string column in Categorical)
            InvalidOptionException.Require(!Numeric.Contains(column), nameof(Numeric), "without categorical columns", Quoted.Text(column));
        foreach ((string task, TaskKind kind) in TaskKinds)
        {
            InvalidOptionException.Require(Enum.IsDefined(kind), nameof(TaskKinds), "known kinds", kind);
            InvalidOptionException.Require(TaskColumn is not null || targets.Contains(task), nameof(TaskKinds), "about targets",
                Quoted.Text(task) + NearestName.Hint(task, Targets));
        }
        if (TaskColumn is null) return;
        InvalidOptionException.Require(Targets.Count == 1, nameof(Targets), "one column when TaskColumn is set", $"{Targets.Count} columns");
        RequireNoTarget([TaskColumn], nameof(TaskColumn));
    }

    private void RequireNoTarget(IReadOnlyList<string> columns, string option)
    {
        foreach (string column in columns)
            InvalidOptionException.Require(!Targets.Contains(column), option, "without target columns", Quoted.Text(column));
    }
}
