using MtlHybrid.Affinity;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Feeds an estimator of affinity from a network that trains, without a trace in what is trained.</summary>
internal interface IAffinityProbe
{
    /// <summary>What has been estimated so far.</summary>
    IAffinityEstimator Estimator { get; }

    /// <summary>Observes the current batch, before its first step. Parameters, optimizer state and the totals of the losses are
    /// afterwards as if it had only measured the losses.</summary>
    void Observe(Network network, in BatchContext batch);
}
