namespace MtlHybrid.Engine;

/// <summary>Where a parameter tensor lies in the flat arrays of a network.</summary>
/// <param name="Node">Index of the node that owns it, in the graph.</param>
/// <param name="Role">What it is to the node.</param>
/// <param name="Owner">-1: the trunk; otherwise the task.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns; elements are row-major.</param>
/// <param name="Offset">Of the first element.</param>
public sealed record ParameterTensor(int Node, ParameterRole Role, int Owner, int Rows, int Columns, long Offset);
