using MtlHybrid.Engine;
using MtlHybrid.Grouping;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>One step per batch on L = sum w_i l_i, the weights chosen from the losses of the same batch.</summary>
internal sealed class WeightedTraining(WeightingOptions options) : IStrategy
{
    private readonly ILossWeighting _weighting = options.CreateWeighting();
    private double[] _losses = [];
    private double[] _weights = [];

    public TaskGroups Groups { get; private set; } = TaskGroups.Together(1);

    public ReadOnlySpan<double> Weights => _weights;

    public void Prepare(Network network, StrategyContext context)
    {
        Groups = TaskGroups.Together(network.Tasks);
        _losses = new double[network.Tasks];
        _weights = new double[network.Tasks];
        _weighting.Prepare(network.LossKinds, context.Seed);
    }

    public void RunBatch(Network network, in BatchContext batch)
    {
        network.Measure();
        network.ReadLosses(_losses);
        _weighting.Weigh(batch, _losses, _weights);
        network.StepWeighted(
            Groups.Members(0), _weights, headWeights: [],
            new UpdateOptions(batch.LearningRate, batch.LearningRate * options.HeadLearningRateFactor));
        if (!_weighting.MeasuresAfterStep) return;
        network.Measure();
        network.ReadLosses(_losses);
        _weighting.AfterStep(_losses);
    }
}
