namespace MtlHybrid.Strategies;

/// <summary>What a strategy is told about the batch it runs.</summary>
/// <param name="Index">Number of the batch since the start of training, from 0.</param>
/// <param name="LearningRate">The scheduled rate of the trunk for this batch.</param>
public readonly record struct BatchContext(long Index, double LearningRate);
