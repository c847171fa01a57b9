namespace MtlHybrid.Strategies;

/// <summary>What a strategy is told about the batch it runs.</summary>
/// <param name="Index">Number of the batch since the start of training, from 0.</param>
/// <param name="LearningRate">The scheduled rate of the trunk for this batch.</param>
/// <param name="Epoch">Number of the epoch, from 0.</param>
public readonly record struct BatchContext(long Index, double LearningRate, int Epoch = 0);
