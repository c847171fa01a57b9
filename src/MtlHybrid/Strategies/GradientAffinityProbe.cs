using MtlHybrid.Affinity;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Affinity from the inner products of all task gradients.</summary>
internal sealed class GradientAffinityProbe(TaskProducts products, GradientSimilarity similarity, double decay) : IAffinityProbe
{
    private readonly GradientAffinity _affinity = new(products.Tasks, similarity, decay);

    public IAffinityEstimator Estimator => _affinity;

    public void Observe(Network network, in BatchContext batch)
    {
        if (products.Measure(network, batch.Index, out int[] labelled) is { } gram) _affinity.Observe(labelled, gram);
    }
}
