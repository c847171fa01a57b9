namespace MtlHybrid.Data;

/// <summary>One thing to predict.</summary>
/// <param name="Name">Unique among the tasks of a model; for tables, the name of the target column.</param>
/// <param name="Kind">What is predicted.</param>
/// <param name="Classes">Names of the classes by class index; empty for regression, two for binary (the second is the
/// positive class), at least two for multi-class.</param>
public sealed record TaskDefinition(string Name, TaskKind Kind, IReadOnlyList<string> Classes)
{
    /// <summary>A regression task.</summary>
    public static TaskDefinition Regression(string name) => new(name, TaskKind.Regression, []);

    /// <summary>A binary task with the classes "0" and "1".</summary>
    public static TaskDefinition Binary(string name) => new(name, TaskKind.Binary, ["0", "1"]);

    /// <summary>A multi-class task with the classes "0" ... "count - 1".</summary>
    public static TaskDefinition MultiClass(string name, int count) =>
        new(name, TaskKind.MultiClass, [.. Enumerable.Range(0, count).Select(c => c.ToString())]);

    /// <summary>Outputs of the network for this task: the number of classes for multi-class, else 1.</summary>
    public int OutputWidth => Kind == TaskKind.MultiClass ? Classes.Count : 1;
}
