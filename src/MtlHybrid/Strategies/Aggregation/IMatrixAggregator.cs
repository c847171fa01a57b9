using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>
/// Makes an update direction from the task gradients element by element, where inner products do not suffice. In training
/// the core does the same on the device; this is its reference, and what `mtl aggregate` runs.
/// </summary>
public interface IMatrixAggregator
{
    /// <summary>The direction for one batch.</summary>
    /// <param name="jacobian">[n, P]; rows = task gradients; finite; n at least 1. Not changed, not kept.</param>
    /// <param name="inputs">Which tasks the rows belong to, losses, seed.</param>
    /// <returns>[P], finite.</returns>
    Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs);
}
