using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What an <see cref="IMatrixAggregator"/> does in training, where the gradients stay on the device.</summary>
internal interface IKeptGradientRule
{
    /// <summary>1: the gradients; 2: and moving averages or squares of them.</summary>
    int Matrices { get; }

    /// <summary>Decides the direction of one batch; the network has the gradients of <paramref name="inputs"/>' tasks.</summary>
    /// <param name="network">For what is kept from batch to batch.</param>
    /// <param name="inputs">The tasks that take part.</param>
    /// <param name="weights">[n], all 1; written where the combination is a weighted one.</param>
    GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights);
}
