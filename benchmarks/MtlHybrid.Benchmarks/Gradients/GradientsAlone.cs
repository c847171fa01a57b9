using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Strategies;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>Forward and the exact Gram matrix of each batch, and no step.</summary>
internal sealed class GradientsAlone(double memoryShare) : IStrategy
{
    private double[] _products = [];

    public TaskGroups Groups { get; private set; } = TaskGroups.Together(1);

    public void Prepare(Network network, StrategyContext context)
    {
        Groups = TaskGroups.Together(network.Tasks);
        _products = new double[network.Tasks * network.Tasks];
        network.ConfigureGradients(memoryShare);
    }

    public void RunBatch(Network network, in BatchContext batch) => network.TaskGradients(Groups.Members(0), new GradientRequest(), _products);
}
