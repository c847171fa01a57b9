using MtlHybrid.Affinity;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Affinity from the inner products of all task gradients: one forward and one backward for all tasks at once, about
/// (2 + 4K) / 6 joint steps. Needs <see cref="Network.ConfigureGradients"/>.</summary>
internal sealed class GradientAffinityProbe(int tasks, GradientSimilarity similarity, double decay) : IAffinityProbe
{
    private readonly GradientAffinity _affinity = new(tasks, similarity, decay);
    private readonly TaskProducts _products = new(tasks);

    public IAffinityEstimator Estimator => _affinity;

    public void Observe(Network network, in BatchContext batch)
    {
        if (_products.Measure(network, out int[] labelled) is { } gram) _affinity.Observe(labelled, gram);
    }
}
