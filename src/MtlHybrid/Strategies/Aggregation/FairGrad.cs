using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>FairGrad (Ban, Ji 2024): weights a > 0 with M a = a^(-1/alpha), the alpha-fair share of progress.</summary>
internal sealed class FairGrad(double alpha) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights) =>
        BalanceEquation.Solve(gram, 1 / alpha, weights)
            ? null
            : "FairGrad: M a = a^(-1/alpha) is solved roughly only, Newton's method ended early";
}
