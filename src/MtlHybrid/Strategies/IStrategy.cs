using MtlHybrid.Engine;
using MtlHybrid.Grouping;

namespace MtlHybrid.Strategies;

/// <summary>Decides what one batch does to the network. One instance serves one training run.</summary>
public interface IStrategy
{
    /// <summary>The groups of tasks that are updated one after the other; replaced, never changed in place.</summary>
    TaskGroups Groups { get; }

    /// <summary>Weights that the last batch gave the gradients of the shared parameters, for diagnostics.</summary>
    /// <value>[K], NaN or 0 for tasks that took no part; empty (the default) for strategies without weights of their own.</value>
    ReadOnlySpan<double> Weights => [];

    /// <summary>Whether the rows of a batch should come ordered by the task they have a label of: exact task gradients cost less then
    /// where rows have few labels each.</summary>
    bool RowsByTask => false;

    /// <summary>Called once, before the first batch.</summary>
    /// <param name="network">The network to be trained; affinity measurement may be configured here.</param>
    /// <param name="context">Tasks, seed, logger.</param>
    void Prepare(Network network, StrategyContext context);

    /// <summary>Runs the updates of one batch; <see cref="Network.BeginBatch"/> has been called.</summary>
    void RunBatch(Network network, in BatchContext batch);
}
