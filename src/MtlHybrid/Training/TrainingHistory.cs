using MtlHybrid.Affinity;
using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Training;

/// <summary>What happened during training.</summary>
/// <param name="Epochs">One record per finished (or cut off) epoch.</param>
/// <param name="Groups">The first groups and every change of them.</param>
/// <param name="Affinity">Inter-task affinity at the end; null when the strategy measures none.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochRecord> Epochs, IReadOnlyList<GroupRecord> Groups, AffinityMatrix? Affinity)
{
    /// <summary>Diagnostics of task gradients, means over all measured batches; null when none were asked for.</summary>
    public GradientReport? Gradients { get; init; }
}
