using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Affinity;
using Xunit;

namespace MtlHybrid.Tests.Affinity;

public sealed class GradientAffinityTests
{
    [Fact]
    public void Cosines_are_those_of_the_gradients() => Gradients(2, 6).Sample(gradients =>
    {
        var affinity = new GradientAffinity(gradients.RowCount);
        affinity.Observe([.. Enumerable.Range(0, gradients.RowCount)], gradients * gradients.Transpose());
        Matrix<double> values = affinity.ToMatrix().Values;
        return Pairs(gradients.RowCount).All(pair =>
        {
            double cosine = gradients.Row(pair.I).Normalize(2) * gradients.Row(pair.J).Normalize(2);
            return Math.Abs(values[pair.I, pair.J] - cosine) <= 1e-12 && values[pair.I, pair.J] == values[pair.J, pair.I];
        });
    });

    [Theory]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void Cosines_do_not_depend_on_the_scale(double scale)
    {
        var affinity = new GradientAffinity(2);
        affinity.Observe([0, 1], Matrix<double>.Build.DenseOfArray(new[,] { { 4.0, 3.0 }, { 3.0, 9.0 } }) * scale * scale);
        Assert.Equal(0.5, affinity.ToMatrix().Values[0, 1], 1e-12);
    }

    [Fact]
    public void Inner_products_are_averaged_as_they_are()
    {
        var affinity = new GradientAffinity(2, GradientSimilarity.InnerProduct, decay: 0);
        affinity.Observe([0, 1], Matrix<double>.Build.DenseOfArray(new double[,] { { 4, -2 }, { -2, 1 } }));
        affinity.Observe([0, 1], Matrix<double>.Build.DenseOfArray(new double[,] { { 8, 6 }, { 6, 5 } }));
        Assert.Equal([6.0, 2.0, 2.0, 3.0], affinity.ToMatrix().Values.ToRowMajorArray());
    }

    [Fact]
    public void Tasks_without_labels_are_left_out_and_the_order_of_rows_is_that_of_the_tasks_named()
    {
        var affinity = new GradientAffinity(3, GradientSimilarity.InnerProduct);
        affinity.Observe([2, 0], Matrix<double>.Build.DenseOfArray(new double[,] { { 9, 5 }, { 5, 4 } }));
        AffinityMatrix matrix = affinity.ToMatrix(["a", "b", "c"]);
        Assert.Equal([4.0, 0.0, 5.0, 0.0, 0.0, 0.0, 5.0, 0.0, 9.0], matrix.Values.ToRowMajorArray());
        Assert.Equal([1L, 0L, 1L, 0L, 0L, 0L, 1L, 0L, 1L], Counts(matrix));
        Assert.Equal("b", matrix.TaskNames[1]);
    }

    // Weights 1, 1/2, then 1/2 by the decay: ((8 + 4) / 2 + 2) / 2 = 4.
    [Fact]
    public void The_average_is_a_plain_mean_at_first_and_moves_later()
    {
        var affinity = new GradientAffinity(1, GradientSimilarity.InnerProduct, decay: 0.5);
        foreach (double value in new[] { 8.0, 4, 2 }) affinity.Observe([0], Matrix<double>.Build.Dense(1, 1, value));
        Assert.Equal(4, affinity.ToMatrix().Values[0, 0]);
    }

    [Fact]
    public void A_zero_gradient_has_no_angle_and_what_is_not_finite_does_not_count()
    {
        var affinity = new GradientAffinity(3);
        affinity.Observe([0, 1, 2], Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0, double.NaN }, { 0, 0, 0 }, { double.NaN, 0, 1 } }));
        AffinityMatrix matrix = affinity.ToMatrix();
        Assert.Equal([1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L], Counts(matrix));
        Assert.All(matrix.Values.Enumerate(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var affinity = new GradientAffinity(2);
        Assert.Contains("expected 2 x 2", Assert.Throws<ArgumentException>(() => affinity.Observe([0, 1], Matrix<double>.Build.Dense(2, 3))).Message);
        Assert.Contains("task 2 is outside", Assert.Throws<ArgumentException>(() => affinity.Observe([0, 2], Matrix<double>.Build.Dense(2, 2))).Message);
        Assert.Contains("task 1 is named twice", Assert.Throws<ArgumentException>(() => affinity.Observe([1, 1], Matrix<double>.Build.Dense(2, 2))).Message);
        Assert.All(affinity.ToMatrix().Values.Enumerate(), value => Assert.Equal(0, value));
        Assert.Throws<InvalidOptionException>(() => new GradientAffinity(2, decay: double.NaN));
        Assert.Throws<InvalidOptionException>(() => new GradientAffinity(2, decay: 1.5));
        Assert.Throws<InvalidOptionException>(() => new GradientAffinity(2, (GradientSimilarity)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientAffinity(0));
    }

    private static long[] Counts(AffinityMatrix matrix) => [.. Pairs(matrix.Tasks).Select(pair => matrix.Observations(pair.I, pair.J)!.Value)];

    private static IEnumerable<(int I, int J)> Pairs(int tasks) =>
        Enumerable.Range(0, tasks).SelectMany(i => Enumerable.Range(0, tasks).Select(j => (i, j)));

    private static Gen<Matrix<double>> Gradients(int fewest, int most) => Gen.Select(Gen.Int[fewest, most], Gen.Int[0, int.MaxValue]).Select((tasks, seed) =>
    {
        var random = new Random(seed);
        return Matrix<double>.Build.Dense(tasks, 9, (_, _) => random.NextDouble() - 0.5);
    });
}
