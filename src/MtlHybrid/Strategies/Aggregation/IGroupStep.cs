using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One step of the trunk and the heads of some tasks on the current batch. One instance serves one run.</summary>
internal interface IGroupStep
{
    /// <summary>[K] the weights of the last step, for diagnostics; empty where there are none.</summary>
    ReadOnlySpan<double> Weights => [];

    /// <summary>Called once, before the first batch.</summary>
    void Prepare(Network network, StrategyContext context);

    /// <summary>Makes the step; tasks without a label in the batch take no part.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="tasks">Distinct, ascending.</param>
    /// <param name="update">Learning rates and what to measure.</param>
    /// <param name="batch">Which batch it is.</param>
    void Step(Network network, ReadOnlySpan<int> tasks, in UpdateOptions update, in BatchContext batch);
}
