namespace MtlHybrid.Data;

/// <summary>Reads a file into tasks, labels and inputs as the options say.</summary>
internal sealed class TableLoader
{
    private readonly string _file;
    private readonly DataOptions _options;
    private readonly IReadOnlyList<TaskDefinition>? _known;
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, TaskKind> _knownKinds = [];

    /// <param name="file">Path of the file.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="known">Tasks whose kinds and classes are fixed by a model; null to infer them.</param>
    public TableLoader(string file, DataOptions options, IReadOnlyList<TaskDefinition>? known)
    {
        _file = file;
        _options = options;
        _known = known;
        foreach (TaskDefinition task in known ?? []) _knownKinds.Add(task.Name, task.Kind);
        if (known is null || options.TaskColumn is not null) return;
        InvalidOptionException.Require(_knownKinds.Keys.ToHashSet().IsSubsetOf(options.Targets), nameof(DataOptions.Targets),
            $"columns with all tasks of the model, {Quoted.List(_knownKinds.Keys)}", Quoted.List([.. options.Targets]));
    }

    public MultiTaskData Load()
    {
        Table table = CsvTable.Read(_file, new CellParser(_options.MissingValues), Plan, _notes);
        if (table.Rows < 2 && _known is null)
            throw new DataException("the file has one row; at least two are needed to learn and to check", _file);
        LabelledTasks tasks = _options.TaskColumn is null ? ReadWide(table) : ReadLong(table, _options.TaskColumn);
        InputColumn[] inputs = [.. InputNames(table.Columns.Select(column => column.Name))
            .Select(name => new InputColumn(name, table.Column(name, "an input").IsCategorical))];
        if (_known is null) InputRemarks.Collect(table, inputs, _options, _notes);
        return new MultiTaskData(table, tasks, inputs, _options, _notes);
    }

    /// <summary>All columns are read, the ignored ones too: a split may group by them.</summary>
    private ColumnRequest[] Plan(IReadOnlyList<string> header)
    {
        if (header.Count == 1)
            throw new DataException("the header has one column; are the columns separated by commas, semicolons, tabs or bars?", _file);
        Require(header, _known is null || _options.TaskColumn is not null ? _options.Targets : [.. _knownKinds.Keys], "a target");
        if (_known is null) Require(header, _options.Ignore, "an ignored column"); // a model does not miss what it ignores
        Require(header, _options.Categorical, "a categorical column");
        Require(header, _options.Numeric, "a numeric column");
        if (_options.TaskColumn is not null) Require(header, [_options.TaskColumn], "the task column");
        if (!InputNames(header).Any())
            throw new DataException($"no inputs are left: all {header.Count} columns are targets or ignored", _file);
        return [.. header.Select(RequestFor)];
    }

    private ColumnRequest RequestFor(string column)
    {
        if (_options.Targets.Contains(column))
        {
            if (_known is not null && _options.TaskColumn is null && !_knownKinds.ContainsKey(column)) return ColumnRequest.Skip;
            TaskKind? kind = DeclaredKind(column);
            ColumnReading reading = kind is null ? ColumnReading.Infer
                : kind == TaskKind.Regression ? ColumnReading.Numbers : ColumnReading.Categories;
            return new ColumnRequest(reading, $"for classification use --task {Quoted.Text($"{column}:multiclass")}");
        }
        if (column == _options.TaskColumn || _options.Ignore.Contains(column) || _options.Categorical.Contains(column))
            return ColumnRequest.Categories;
        return new ColumnRequest(_options.Numeric.Contains(column) ? ColumnReading.Numbers : ColumnReading.Infer,
            $"if its values are categories use --categorical {Quoted.Text(column)}");
    }

    /// <summary>The kind of all labels in a target column, where it is one and it is known before reading.</summary>
    private TaskKind? DeclaredKind(string target)
    {
        if (_options.TaskColumn is null)
            return _knownKinds.TryGetValue(target, out TaskKind known) ? known : Declared(target);
        if (_known is not null)
        {
            bool numbers = _known.All(task => task.Kind == TaskKind.Regression), classes = _known.All(task => task.Kind != TaskKind.Regression);
            return numbers ? TaskKind.Regression : classes ? TaskKind.MultiClass : null;
        }
        return _options.TaskKinds.Keys.All(name => name == target) ? Declared(target) : null;
    }

    private TaskKind? Declared(string name) => _options.TaskKinds.TryGetValue(name, out TaskKind kind) ? kind : null;

    private IEnumerable<string> InputNames(IEnumerable<string> columns) => columns.Where(name =>
        name != _options.TaskColumn && !_options.Targets.Contains(name) && !_options.Ignore.Contains(name));

    private void Require(IReadOnlyList<string> header, IReadOnlyList<string> names, string role)
    {
        foreach (string name in names)
            if (!header.Contains(name)) throw Table.UnknownColumn(_file, name, role, header);
    }

    private LabelledTasks ReadWide(Table table)
    {
        LabelledTasks tasks = new();
        foreach (string name in _known?.Select(task => task.Name) ?? _options.Targets)
        {
            DataColumn column = table.Column(name, "a target");
            TaskDefinition task = _known?.First(known => known.Name == name) ?? TaskInference.Infer(table, column, Declared(name), _notes);
            double[] labels = TaskInference.Labels(table, column, task);
            int missing = labels.Count(double.IsNaN);
            if (missing > 0) _notes.Add($"{name}: {missing} of {table.Rows} labels are missing");
            tasks.Add(task, labels);
        }
        return tasks;
    }

    private LabelledTasks ReadLong(Table table, string taskColumn)
    {
        DataColumn target = table.Column(_options.Targets[0], "a target");
        DataColumn tasksOfRows = table.Column(taskColumn, "the task column");
        for (int row = 0; row < table.Rows; row++)
            if (tasksOfRows.IsMissing(row)) throw table.CellError(taskColumn, row, "expected the name of a task, the cell is empty or \"missing\"");

        string[] found = CategoryOrder.Sort(tasksOfRows.Categories);
        foreach (string name in _options.TaskKinds.Keys)
        {
            if (name != target.Name && !found.Contains(name) && _known is null)
                throw new DataException($"no row has the task {Quoted.Text(name)}, given a kind{NearestName.Hint(name, found)}", _file, null, taskColumn);
        }
        RefuseUnknownTasks(table, tasksOfRows);
        LabelledTasks tasks = new();
        foreach (TaskDefinition task in _known ?? LongTasks(table, target, found))
        {
            int code = Array.IndexOf(tasksOfRows.Categories, task.Name);
            tasks.Add(task, TaskInference.Labels(table, target.Where(row => tasksOfRows.Codes[row] == code), task));
        }
        if (_known is null) NoteThinTasks(tasks);
        return tasks;
    }

    /// <summary>In long form all tasks of one kind share the classes of the target column, so that every head means the same.</summary>
    private IEnumerable<TaskDefinition> LongTasks(Table table, DataColumn target, string[] names)
    {
        Dictionary<TaskKind, TaskDefinition> byKind = [];
        TaskKind? common = null;
        foreach (string name in names)
        {
            TaskKind? kind = Declared(name) ?? Declared(target.Name) ?? common;
            if (kind is null || !byKind.TryGetValue(kind.Value, out TaskDefinition? shared))
            {
                shared = TaskInference.Infer(table, target, kind, _notes);
                common ??= kind is null ? shared.Kind : null;
                byKind[shared.Kind] = shared;
            }
            yield return shared with { Name = name };
        }
    }

    private void RefuseUnknownTasks(Table table, DataColumn tasksOfRows)
    {
        if (_known is null) return;
        for (int row = 0; row < table.Rows; row++)
        {
            string name = tasksOfRows.Categories[tasksOfRows.Codes[row]];
            if (!_knownKinds.ContainsKey(name))
            {
                throw table.CellError(tasksOfRows.Name, row,
                    $"expected a task of the model, got {Quoted.Text(name)}{NearestName.Hint(name, _knownKinds.Keys)}");
            }
        }
    }

    private void NoteThinTasks(LabelledTasks tasks)
    {
        List<string> thin = [.. tasks.Definitions.Where((_, t) => tasks.Labels[t].Where(label => !double.IsNaN(label)).Distinct().Take(2).Count() < 2)
            .Select(task => task.Name)];
        if (thin.Count > 0) _notes.Add($"tasks with fewer than two different labels, from which nothing can be learnt: {Quoted.List(thin)}");
    }
}
