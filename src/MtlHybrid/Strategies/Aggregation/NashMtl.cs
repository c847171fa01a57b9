using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Nash-MTL (Navon et al. 2022): weights a > 0 with M a = 1/a, the bargaining solution; the update's norm is clipped.</summary>
internal sealed class NashMtl(double maxNorm, int interval) : IGramAggregator
{
    private readonly TaskMemory _last = new();
    private long _solved = -1;

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        string? remark = null;
        if (!Keep(gram, inputs, weights))
        {
            if (!BalanceEquation.Solve(gram, 1, weights)) remark = "Nash-MTL: M a = 1/a is solved roughly only, Newton's method ended early";
            _last.Write(inputs, weights);
            _solved = inputs.Batch;
        }

        double norm = Norm(gram, weights);
        if (norm > maxNorm)
            foreach (ref double weight in weights)
                weight *= maxNorm / norm;
        return remark;
    }

    /// <summary>Between solutions the weights stay, unless a task has none yet.</summary>
    private bool Keep(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        if (interval == 1 || _solved < 0 || inputs.Batch >= _solved + interval || inputs.Batch < _solved) return false;
        _last.Read(inputs, weights);
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] == 0 && gram.At(i, i) > 0)
                return false;
        return true;
    }

    private static double Norm(Matrix<double> gram, ReadOnlySpan<double> weights) =>
        Math.Sqrt(Math.Max(SpanAlgebra.QuadraticForm(gram.ToColumnMajorArray(), weights), 0));
}
