using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Training;

/// <summary>Measures in every n-th batch how the gradients of the tasks lie to each other, before the strategy steps. Training goes
/// on as without it.</summary>
internal sealed class GradientProbe
{
    private readonly Network _network;
    private readonly int _interval;
    private readonly TaskProducts _products;
    private readonly GradientDiagnostics _all;
    private GradientDiagnostics _epoch;

    /// <param name="network">The network that is trained.</param>
    /// <param name="interval">n, at least 1.</param>
    /// <param name="directions">0: exact products; above 0: a sketch by that many random directions per batch.</param>
    /// <param name="seed">Of the directions.</param>
    public GradientProbe(Network network, int interval, int directions, ulong seed)
    {
        _network = network;
        _interval = interval;
        _products = new TaskProducts(network.Tasks, directions, seed);
        _all = new GradientDiagnostics(network.Tasks);
        _epoch = new GradientDiagnostics(network.Tasks);
        network.ConfigureGradients(directions: directions > 0);
    }

    /// <summary>Whether a batch is measured.</summary>
    public bool Measures(long batch) => batch % _interval == 0;

    /// <summary>Measures the current batch.</summary>
    /// <param name="batch">Its number.</param>
    public void Measure(long batch)
    {
        if (_products.Measure(_network, batch, out int[] rows) is not { } gram) return;
        foreach (GradientDiagnostics means in (ReadOnlySpan<GradientDiagnostics>)[_all, _epoch])
        {
            if (_products.Estimated) means.AddEstimate(gram, rows);
            else means.Add(gram, rows);
        }
    }

    /// <summary>Notes the weights that the strategy used in a measured batch.</summary>
    /// <param name="weights">[K], or empty.</param>
    public void Note(ReadOnlySpan<double> weights)
    {
        _all.AddWeights(weights);
        _epoch.AddWeights(weights);
    }

    /// <summary>The means of the epoch that ends; null when none of its batches was measured.</summary>
    public GradientReport? TakeEpoch()
    {
        GradientReport report = _epoch.Report();
        _epoch = new GradientDiagnostics(_network.Tasks);
        return report.Batches + report.NotFinite > 0 ? report : null;
    }

    /// <summary>The means of all measured batches.</summary>
    public GradientReport Report() => _all.Report();
}
