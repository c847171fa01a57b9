using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Diagnostics;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Diagnostics;

public sealed class GradientStatisticsTests
{
    private static readonly Matrix<double> Conflicting = Gram(new[,] { { -4.0, 1, 1 }, { 6, 1, 1 } });

    [Fact]
    public void Two_conflicting_gradients_as_computed_by_hand()
    {
        GradientStatistics statistics = GradientStatistics.Of(Conflicting)!;

        double root = Math.Sqrt(18.0 * 38);
        Assert.Equal([Math.Sqrt(18), Math.Sqrt(38)], statistics.Norms);
        Assert.Equal(-22 / root, statistics.MeanCosine, 12);
        Assert.Equal(-22 / root, statistics.Cosines[0, 1], 12);
        Assert.Equal(1, statistics.Cosines[1, 1]);
        Assert.Equal(1, statistics.ConflictShare);
        Assert.Equal(2 * root / 56, statistics.MagnitudeSimilarity, 12);
        // Eigenvalues of the Gram matrix: 28 +- sqrt(584).
        Assert.Equal(Math.Sqrt((28 + Math.Sqrt(584)) / (28 - Math.Sqrt(584))), statistics.ConditionNumber, 9);
        // The shortest combination is (0, 1, 1).
        Assert.Equal(Math.Sqrt(2), statistics.MinimumNorm, 9);
        Assert.Equal(Math.Sqrt(2 / 28.0), statistics.Stationarity, 9);
    }

    [Fact]
    public void Pairs_are_counted_once()
    {
        GradientStatistics statistics = GradientStatistics.Of(Gram(new[,] { { 1.0, 0, 0 }, { -1, 1, 0 }, { 0, 0, 2 }, { 1, 0, 1 } }))!;

        // Conflicting: 0 with 1, and 1 with 3; orthogonal pairs do not conflict.
        Assert.Equal(2 / 6.0, statistics.ConflictShare, 12);
    }

    [Theory]
    [InlineData(1e-140)]
    [InlineData(1e-10)]
    [InlineData(1e15)]
    [InlineData(1e150)]
    public void All_but_norms_are_the_same_at_any_scale(double scale)
    {
        GradientStatistics plain = GradientStatistics.Of(Conflicting)!;

        GradientStatistics scaled = GradientStatistics.Of(Conflicting * scale * scale)!;

        Assert.Equal(plain.MeanCosine, scaled.MeanCosine, 9);
        Assert.Equal(plain.MagnitudeSimilarity, scaled.MagnitudeSimilarity, 9);
        Assert.Equal(plain.ConditionNumber, scaled.ConditionNumber, 6);
        Assert.Equal(plain.Stationarity, scaled.Stationarity, 9);
        Assert.Equal(plain.MinimumNorm, scaled.MinimumNorm / scale, 9);
    }

    [Fact]
    public void Opposite_gradients_are_stationary_and_equal_ones_are_as_ill_conditioned_as_can_be_told()
    {
        Assert.Equal(0, GradientStatistics.Of(Gram(new[,] { { 1.0, 2 }, { -1, -2 } }))!.Stationarity, 6);
        GradientStatistics equal = GradientStatistics.Of(Gram(new[,] { { 1.0, 2 }, { 1, 2 } }))!;
        Assert.Equal(Math.Sqrt((1 << 23) / 2.0), equal.ConditionNumber, 3);
        Assert.Equal(1, equal.Stationarity, 9);
        Assert.Equal(1, equal.MagnitudeSimilarity, 12);
    }

    [Fact]
    public void Zero_gradients_take_no_part()
    {
        GradientStatistics statistics = GradientStatistics.Of(Gram(new[,] { { -4.0, 1, 1 }, { 0, 0, 0 }, { 6, 1, 1 } }))!;
        GradientStatistics without = GradientStatistics.Of(Conflicting)!;

        Assert.Equal(without.MeanCosine, statistics.MeanCosine);
        Assert.Equal(without.ConditionNumber, statistics.ConditionNumber, 9);
        Assert.Equal(without.MinimumNorm, statistics.MinimumNorm, 9);
        Assert.Equal(0, statistics.Norms[1]);
        Assert.True(double.IsNaN(statistics.Cosines[0, 1]));
    }

    [Fact]
    public void One_gradient_has_a_norm_and_no_pairs_and_none_has_nothing()
    {
        GradientStatistics one = GradientStatistics.Of(Gram(new[,] { { 3.0, 4 } }))!;
        Assert.Equal(5, one.MinimumNorm, 12);
        Assert.Equal(1, one.Stationarity, 12);
        Assert.All([one.MeanCosine, one.ConflictShare, one.MagnitudeSimilarity, one.ConditionNumber], value => Assert.True(double.IsNaN(value)));
        Assert.True(double.IsNaN(GradientStatistics.Of(Matrix<double>.Build.Dense(2, 2))!.MinimumNorm));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_says_nothing(double entry)
    {
        Matrix<double> gram = Conflicting.Clone();
        gram[0, 1] = gram[1, 0] = entry;

        Assert.Null(GradientStatistics.Of(gram));
    }

    [Fact]
    public void Statistics_stay_in_their_ranges_and_no_mean_of_gradients_is_shorter_than_the_hull()
    {
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 12], Gen.Int[0, 1000]).Sample((tasks, parameters, seed) =>
        {
            var random = new Random(seed);
            Matrix<double> jacobian = Matrix<double>.Build.Dense(tasks, parameters, (_, _) => random.NextDouble() * 2 - 1);

            GradientStatistics statistics = GradientStatistics.Of(jacobian * jacobian.Transpose())!;

            double mean = (jacobian.ColumnSums() / tasks).L2Norm();
            return statistics.MinimumNorm <= mean * (1 + 1e-9) + 1e-6
                && statistics.Stationarity is >= 0 and <= 1 + 1e-9
                && (tasks == 1 || (statistics.ConditionNumber >= 1 && statistics.ConflictShare is >= 0 and <= 1
                    && statistics.MagnitudeSimilarity is > 0 and <= 1 && Math.Abs(statistics.MeanCosine) <= 1));
        });
    }

    private static Matrix<double> Gram(double[,] jacobian)
    {
        Matrix<double> matrix = Matrix<double>.Build.DenseOfArray(jacobian);
        return matrix * matrix.Transpose();
    }
}
