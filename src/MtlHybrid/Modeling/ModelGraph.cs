namespace MtlHybrid.Modeling;

/// <summary>A network as a static graph: a pure description, which the engine compiles. Made by
/// <see cref="ModelBuilder"/> or read from a saved model.</summary>
/// <param name="Nodes">In topological order; nodes refer to each other by index.</param>
/// <param name="Outputs">One per task, by task index.</param>
public sealed record ModelGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<TaskOutput> Outputs)
{
    /// <summary>The owner of parameters that all tasks share.</summary>
    public const int Shared = -1;

    /// <summary>Number of tasks.</summary>
    public int TaskCount => Outputs.Count;

    /// <summary>Dense inputs per row; 0 when the graph has none.</summary>
    public int Features => Nodes.OfType<DenseInputNode>().FirstOrDefault()?.Width ?? 0;

    /// <summary>Categorical inputs per row; 0 when the graph has none.</summary>
    public int CategoricalColumns => Nodes.OfType<CategoricalInputNode>().FirstOrDefault()?.Width ?? 0;
}
