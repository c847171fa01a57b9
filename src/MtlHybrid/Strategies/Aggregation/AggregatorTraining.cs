using MtlHybrid.Engine;
using MtlHybrid.Grouping;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>One step per batch with all tasks, the trunk on a combination of their gradients.</summary>
internal sealed class AggregatorTraining(AggregatorOptions options) : IStrategy
{
    private readonly GroupStep _step = options.CreateStep();

    public TaskGroups Groups { get; private set; } = TaskGroups.Together(1);

    public ReadOnlySpan<double> Weights => _step.Weights;

    public bool RowsByTask => _step.RowsByTask;

    public void Prepare(Network network, StrategyContext context)
    {
        Groups = TaskGroups.Together(network.Tasks);
        _step.Prepare(network, context);
    }

    public void RunBatch(Network network, in BatchContext batch) => _step.Step(
        network, Groups.Members(0), new UpdateOptions(batch.LearningRate, batch.LearningRate * options.HeadLearningRateFactor), batch);
}
