using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>IMTL-G (Liu et al. 2021): equal projections on all unit gradients, weights that sum to 1.</summary>
internal sealed class ImtlG : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        weights.Clear();
        UnitGram unit = UnitGram.Of(gram);
        double[] projections = unit.EqualProjections();
        double shortest = unit.Norms.DefaultIfEmpty(1).Min();
        double sum = 0;
        double size = 0;
        for (int i = 0; i < projections.Length; i++)
        {
            // In units of the shortest gradient: norms can be too small to divide by.
            double weight = projections[i] * (shortest / unit.Norms[i]);
            weights[unit.Rows[i]] = weight;
            sum += weight;
            size += Math.Abs(weight);
        }

        if (size == 0) return null;
        if (!(Math.Abs(sum) > GramScale.Precision(gram.RowCount) * size))
        {
            weights.Clear();
            return "IMTL-G: the weights with equal projections sum to 0 and cannot be made to sum to 1: no update of the trunk in this batch";
        }

        foreach (ref double weight in weights) weight /= sum;
        return null;
    }
}
