namespace MtlHybrid.Engine;

/// <summary>One group update.</summary>
/// <param name="SharedLearningRate">Of the trunk; finite, at least 0.</param>
/// <param name="HeadLearningRate">Of the group's heads; finite, at least 0.</param>
/// <param name="Reduction">How the group's losses become one.</param>
/// <param name="AllLosses">True: the losses of all tasks are measured (affinity needs them); false: only the group's.</param>
public readonly record struct UpdateOptions(
    double SharedLearningRate, double HeadLearningRate, GroupReduction Reduction = GroupReduction.Sum, bool AllLosses = true);
