using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Aligned-MTL (Senushkin et al. 2023): the mean of the task gradients after their principal components have been given
/// one length.</summary>
internal sealed class AlignedMtl(AlignedScale scale) : IGramAggregator
{
    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int size = gram.RowCount;
        GramScale.Normalize(gram, out double[]? scaled);
        if (scaled is null)
        {
            weights.Fill(1.0 / size);
            return null;
        }

        weights.Clear();
        SymmetricEigen eigen = SymmetricEigen.Of(scaled, size);
        double least = eigen.Values[^1] * GramScale.Precision(size);
        int first = Array.FindIndex(eigen.Values, value => value > least);
        double[] kept = eigen.Values[first..];
        double square = scale switch
        {
            AlignedScale.Min => kept[0],
            AlignedScale.Median => kept[(kept.Length - 1) / 2],
            _ => kept.Average(),
        };
        for (int k = first; k < size; k++)
        {
            ReadOnlySpan<double> vector = eigen.Vector(k);
            double sum = 0;
            foreach (double entry in vector) sum += entry;
            SpanAlgebra.AddScaled(weights, Math.Sqrt(square / eigen.Values[k]) * sum / size, vector);
        }

        return null;
    }
}
