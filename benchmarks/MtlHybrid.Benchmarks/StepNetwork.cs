using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Benchmarks;

/// <summary>The network every step benchmark trains: 21 inputs, three shared hidden layers with ReLU, linear heads with the mean
/// square loss, Adam with its defaults.</summary>
internal static class StepNetwork
{
    public const int Features = 21;

    /// <summary>Compiles it.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="shape">Batch and hidden width.</param>
    /// <param name="taskCount">Number of heads.</param>
    /// <param name="affinity">Whether the affinity is measured, as in selective training.</param>
    public static Network Compile(Device device, StepShape shape, int taskCount, bool affinity)
    {
        TaskDefinition[] tasks = [.. Enumerable.Range(0, taskCount).Select(task => new TaskDefinition($"task {task}", TaskKind.Regression, []))];
        var options = new MlpOptions { Hidden = [shape.Hidden, shape.Hidden, shape.Hidden], Activation = Activation.Relu };
        Network network = Network.Compile(device, SharedTrunkMlp.Build(Features, [], tasks, losses: null, options), shape.Batch, seed: 1);
        network.ConfigureOptimizer(new OptimizerOptions { Kind = OptimizerKind.Adam });
        if (affinity) network.ConfigureAffinity(enabled: true, AffinityCredit.SteppedGroup, decay: 0.001);
        return network;
    }
}
