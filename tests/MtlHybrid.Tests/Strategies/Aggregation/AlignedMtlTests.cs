using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class AlignedMtlTests
{
    /// <summary>With J = U S V^T, the aligned gradients are s U V^T, and their mean is the direction.</summary>
    [Theory]
    [InlineData(AlignedScale.Min)]
    [InlineData(AlignedScale.Median)]
    [InlineData(AlignedScale.Rmse)]
    public void The_direction_is_the_mean_of_gradients_with_equal_singular_values(AlignedScale scale)
    {
        foreach ((int rows, int rank) in new[] { (1, 1), (2, 2), (4, 4), (5, 5), (5, 2), (9, 6) })
        {
            Matrix<double> jacobian = SampledMatrix.Normal(rows, rank, rows) * SampledMatrix.Normal(rank, 12, rank);
            var svd = jacobian.Svd();
            double[] values = [.. svd.S.Take(rank)];
            double length = scale switch
            {
                AlignedScale.Min => values[^1],
                AlignedScale.Median => values[rank / 2],
                _ => Math.Sqrt(values.Average(value => value * value)),
            };
            Matrix<double> aligned = length * svd.U.SubMatrix(0, rows, 0, rank) * svd.VT.SubMatrix(0, rank, 0, 12);
            Near.Equal([.. aligned.ColumnSums() / rows], Aggregate.Direction(new AlignedMtl(scale), jacobian), 1e-9);
        }
    }
}
