using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class AffinityNormalizerTests
{
    private static readonly Gen<Matrix<double>> Affinities =
        from k in Gen.Int[1, 7]
        from values in Gen.Double[-1, 1].Array[k * k]
        select Matrix<double>.Build.Dense(k, k, values);

    [Fact]
    public void Columns_are_divided_by_their_diagonal_and_the_halves_averaged()
    {
        Matrix<double> x = AffinityNormalizer.Normalize(Matrix(new[,] { { 2.0, 3 }, { 4, 6 } }), AffinityNormalization.SelfAffinity);
        Assert.Equal(Matrix(new[,] { { 1, 1.25 }, { 1.25, 1 } }), x); // (3/6 + 4/2) / 2
    }

    [Fact]
    public void The_official_code_normalises_only_above_the_diagonal()
    {
        // Dividing in place: column 0 becomes 2/2 = 1, then 4/1; column 1 becomes 3/6, then 6/6.
        Matrix<double> x = AffinityNormalizer.Normalize(Matrix(new[,] { { 2.0, 3 }, { 4, 6 } }), AffinityNormalization.OfficialCode);
        Assert.Equal(Matrix(new[,] { { 1, 2.25 }, { 2.25, 1 } }), x); // (3/6 + 4/1) / 2
    }

    [Fact]
    public void The_official_code_equals_a_division_whose_divisor_is_overwritten() => Affinities.Sample(affinity =>
    {
        Matrix<double> positive = affinity.PointwiseAbs() + 0.01;
        Matrix<double> x = positive.Clone();
        for (int row = 0; row < x.RowCount; row++)
            for (int column = 0; column < x.ColumnCount; column++)
                x[row, column] /= x[column, column];
        return ((x + x.Transpose()) / 2).Equals(AffinityNormalizer.Normalize(positive, AffinityNormalization.OfficialCode));
    });

    [Fact]
    public void Normalising_ignores_the_order_of_the_tasks() => Affinities.Sample(affinity =>
    {
        Matrix<double> reversed = Reverse(affinity);
        return Reverse(AffinityNormalizer.Normalize(reversed, AffinityNormalization.SelfAffinity))
            .Equals(AffinityNormalizer.Normalize(affinity, AffinityNormalization.SelfAffinity));
    });

    [Fact]
    public void The_official_codes_normalisation_depends_on_the_order_of_the_tasks()
    {
        Matrix<double> affinity = Matrix(new[,] { { 2.0, 3 }, { 4, 6 } });
        Assert.NotEqual(AffinityNormalizer.Normalize(affinity, AffinityNormalization.OfficialCode),
            Reverse(AffinityNormalizer.Normalize(Reverse(affinity), AffinityNormalization.OfficialCode)));
    }

    [Fact]
    public void The_unit_of_a_task_does_not_matter() => Affinities.Sample(affinity =>
    {
        // Four times the losses' relative change in one column: a power of two, so that not even rounding differs.
        Matrix<double> scaled = affinity.Clone();
        scaled.SetColumn(0, affinity.Column(0) * 4);
        return AffinityNormalizer.Normalize(scaled, AffinityNormalization.SelfAffinity)
            .Equals(AffinityNormalizer.Normalize(affinity, AffinityNormalization.SelfAffinity));
    });

    [Theory]
    [InlineData(0.0)]
    [InlineData(-2.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e-320)]
    public void Without_a_usable_diagonal_the_largest_entry_is_the_unit(double self)
    {
        Matrix<double> x = AffinityNormalizer.Normalize(Matrix(new[,] { { self, 0.0, 0 }, { -4, 1, 0 }, { 2, 0, 1 } }),
            AffinityNormalization.SelfAffinity);
        Assert.Equal(-0.5, x[0, 1]); // (-4/4 + 0) / 2
        Assert.Equal(0.25, x[0, 2]); // (2/4 + 0) / 2
        Assert.True(x.ForAll(double.IsFinite));
    }

    [Fact]
    public void What_was_never_observed_stays_zero() =>
        Assert.Equal(Matrix<double>.Build.Dense(3, 3),
            AffinityNormalizer.Normalize(Matrix<double>.Build.Dense(3, 3, double.NaN), AffinityNormalization.SelfAffinity));

    [Fact]
    public void The_argument_is_left_alone()
    {
        Matrix<double> affinity = Matrix(new[,] { { 2.0, 3 }, { 4, 6 } });
        foreach (AffinityNormalization normalization in Enum.GetValues<AffinityNormalization>())
            Assert.NotSame(affinity, AffinityNormalizer.Normalize(affinity, normalization));
        Assert.Equal(Matrix(new[,] { { 2.0, 3 }, { 4, 6 } }), affinity);
    }

    [Fact]
    public void A_matrix_that_is_not_square_is_an_error() =>
        Assert.Contains("2 x 3", Assert.Throws<ArgumentException>(
            () => AffinityNormalizer.Normalize(Matrix<double>.Build.Dense(2, 3), AffinityNormalization.None)).Message);

    private static Matrix<double> Matrix(double[,] values) => Matrix<double>.Build.DenseOfArray(values);

    private static Matrix<double> Reverse(Matrix<double> x) =>
        Matrix<double>.Build.Dense(x.RowCount, x.RowCount, (i, j) => x[x.RowCount - 1 - i, x.RowCount - 1 - j]);
}
