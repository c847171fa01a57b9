using MtlHybrid.Engine;
using MtlHybrid.Grouping;

namespace MtlHybrid.Strategies;

/// <summary>One step per batch on the losses of all tasks: d = sum of g_i.</summary>
internal sealed class JointTraining(JointOptions options) : IStrategy
{
    public TaskGroups Groups { get; private set; } = TaskGroups.Together(1);

    public void Prepare(Network network, StrategyContext context) => Groups = TaskGroups.Together(network.Tasks);

    public void RunBatch(Network network, in BatchContext batch) => network.UpdateGroup(
        Groups.Members(0),
        new UpdateOptions(batch.LearningRate, batch.LearningRate * options.HeadLearningRateFactor, options.Reduction));
}
