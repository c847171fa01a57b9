using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>ConFIG (Liu, Chu, Thuerey 2025): along the direction x with equal projections on all unit gradients, as far as the
/// gradients reach along it together.</summary>
internal sealed class ConFig : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        weights.Clear();
        UnitGram unit = UnitGram.Of(gram);
        int size = unit.Rows.Length;
        double[] combination = unit.EqualProjections();
        double square = 0;
        double reach = 0;
        for (int i = 0; i < size; i++)
        {
            double projection = SpanAlgebra.Dot(unit.Cosines.AsSpan(i * size, size), combination);
            square += combination[i] * projection;
            reach += unit.Norms[i] * projection;
        }

        // Unit gradients that cancel each other: every direction has projections that sum to 0, and x vanishes.
        if (!(square > GramScale.Precision(size) * GramScale.Precision(size))) return null;
        for (int i = 0; i < size; i++) weights[unit.Rows[i]] = reach / square * (combination[i] / unit.Norms[i]);
        return null;
    }
}
