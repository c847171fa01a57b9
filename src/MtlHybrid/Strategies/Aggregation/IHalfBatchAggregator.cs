using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// Chooses the weights of an update direction d = sum w_i g_i from the task gradients on two halves of the batch, which are
/// independent samples: a product of one half with the other is an unbiased estimate of the product of the true gradients, a
/// square of the whole batch is not. One instance serves one run and may keep state between batches.
/// </summary>
public interface IHalfBatchAggregator
{
    /// <summary>The weights for one batch.</summary>
    /// <param name="gramOfHalves">[2n, 2n] inner products; rows 0 to n-1 are the gradients on the first half, rows n to 2n-1 those
    /// on the second half, as means over the rows of each; symmetric, finite, positive semidefinite up to rounding; n at least 1.
    /// Not changed, not kept.</param>
    /// <param name="inputs">Which tasks the rows belong to, losses, seed.</param>
    /// <param name="weights">[n], written; finite. They apply to the gradients on the whole batch.</param>
    void Weigh(Matrix<double> gramOfHalves, in AggregationInputs inputs, Span<double> weights);
}
