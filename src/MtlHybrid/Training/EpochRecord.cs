using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Training;

/// <summary>What an epoch did.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Batches">Batches since the start.</param>
/// <param name="OptimizerSteps">Optimizer steps on the trunk since the start.</param>
/// <param name="Seconds">Time spent in batches since the start.</param>
/// <param name="LearningRate">Of the trunk, at the last batch.</param>
/// <param name="TrainLosses">Per task, mean over the epoch's batches; NaN undefined.</param>
/// <param name="ValidationLosses">Per task; NaN undefined.</param>
/// <param name="ValidationScore">Criterion of early stopping; NaN undefined.</param>
/// <param name="Best">Whether the score was the best so far.</param>
public sealed record EpochRecord(
    int Epoch,
    long Batches,
    long OptimizerSteps,
    double Seconds,
    double LearningRate,
    IReadOnlyList<double> TrainLosses,
    IReadOnlyList<double> ValidationLosses,
    double ValidationScore,
    bool Best)
{
    /// <summary>Diagnostics of task gradients, means over the epoch's measured batches; null without any.</summary>
    public GradientReport? Gradients { get; init; }
}
