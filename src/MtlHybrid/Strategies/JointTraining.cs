using MtlHybrid.Engine;
using MtlHybrid.Grouping;

namespace MtlHybrid.Strategies;

/// <summary>One step per batch on the losses of all tasks: d = sum of g_i.</summary>
internal sealed class JointTraining(JointOptions options) : IStrategy
{
    private int[] _tasks = [];

    public TaskGroups Groups { get; private set; } = TaskGroups.Together(1);

    public void Prepare(Network network, StrategyContext context)
    {
        Groups = TaskGroups.Together(network.Tasks);
        _tasks = [.. Enumerable.Range(0, network.Tasks)];
    }

    public void RunBatch(Network network, in BatchContext batch) => network.UpdateGroup(
        _tasks,
        new UpdateOptions(batch.LearningRate, batch.LearningRate * options.HeadLearningRateFactor, options.Reduction));
}
