using MtlHybrid.Grouping;

namespace MtlHybrid.Training;

/// <summary>How far training is.</summary>
/// <param name="Epoch">Current epoch, from 1.</param>
/// <param name="Epochs">Epochs at most; null without limit.</param>
/// <param name="Batch">Batches done.</param>
/// <param name="Fraction">Share of the training that is done, in [0, 1]; early stopping may end it sooner.</param>
/// <param name="Elapsed">Time since training began.</param>
/// <param name="Remaining">Time left without early stopping; null while it cannot be told.</param>
/// <param name="BatchesPerSecond">Speed over the whole run, without validation.</param>
/// <param name="LearningRate">Of the trunk, at the last batch.</param>
/// <param name="TrainLosses">Per task, mean of the last finished epoch (or of the first one so far); NaN undefined.</param>
/// <param name="ValidationLosses">Per task, of the last finished epoch; NaN undefined.</param>
/// <param name="ValidationScore">Criterion of early stopping, lower is better; NaN undefined.</param>
/// <param name="Groups">Current groups of tasks.</param>
/// <param name="EpochEnded">Whether this report ends an epoch.</param>
public sealed record TrainingProgress(
    int Epoch,
    int? Epochs,
    long Batch,
    double Fraction,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    double BatchesPerSecond,
    double LearningRate,
    IReadOnlyList<double> TrainLosses,
    IReadOnlyList<double> ValidationLosses,
    double ValidationScore,
    TaskGroups Groups,
    bool EpochEnded);
