namespace MtlHybrid.Modeling;

/// <summary>Which node predicts a task, and how wrong predictions are charged.</summary>
/// <param name="Node">Index of the predicting node in <see cref="ModelGraph.Nodes"/>.</param>
/// <param name="Loss">The task's loss.</param>
public sealed record TaskOutput(int Node, LossSpecification Loss);
