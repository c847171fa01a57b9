using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Affinity;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Affinity from the inner products of all task gradients: one forward and one backward for all tasks at once, about
/// (2 + 4K) / 6 joint steps. Needs <see cref="Network.ConfigureGradients"/>.</summary>
internal sealed class GradientAffinityProbe(int tasks, GradientSimilarity similarity, double decay) : IAffinityProbe
{
    private readonly GradientAffinity _affinity = new(tasks, similarity, decay);
    private readonly int[] _tasks = [.. Enumerable.Range(0, tasks)];
    private readonly double[] _products = new double[tasks * tasks];
    private readonly double[] _losses = new double[tasks];

    public IAffinityEstimator Estimator => _affinity;

    public void Observe(Network network, in BatchContext batch)
    {
        network.TaskGradients(_tasks, new GradientRequest(), _products);
        network.ReadLosses(_losses);
        int[] labelled = [.. _tasks.Where(task => !double.IsNaN(_losses[task]))];
        if (labelled.Length == 0) return;
        _affinity.Observe(labelled, Matrix<double>.Build.Dense(
            labelled.Length, labelled.Length, (i, j) => _products[(labelled[i] * tasks) + labelled[j]]));
    }
}
