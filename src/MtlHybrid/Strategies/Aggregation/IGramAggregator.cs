using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// Chooses the weights of an update direction d = sum w_i g_i from the inner products of the task gradients alone. One
/// instance serves one run and may keep state between batches.
/// </summary>
public interface IGramAggregator
{
    /// <summary>The weights for one batch.</summary>
    /// <param name="gram">[n, n] M_ij = g_i . g_j, symmetric, finite, positive semidefinite up to rounding; n at least 1.
    /// Not changed, not kept.</param>
    /// <param name="inputs">Which tasks the rows belong to, losses, seed.</param>
    /// <param name="weights">[n], written; finite.</param>
    /// <returns>Null; or, when an iteration ended at its bound, what the weights are then, in words for the log.</returns>
    string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights);
}
