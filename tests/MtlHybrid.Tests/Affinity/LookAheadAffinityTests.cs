using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Affinity;
using Xunit;

namespace MtlHybrid.Tests.Affinity;

public sealed class LookAheadAffinityTests
{
    [Fact]
    public void Affinity_is_the_share_of_the_loss_that_the_step_on_the_source_removed()
    {
        var affinity = new LookAheadAffinity(2);
        affinity.Observe([2, 4], Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 5 }, { 2, 3 } }));
        Assert.Equal([0.5, -0.25, 0.0, 0.25], affinity.ToMatrix().Values.ToRowMajorArray());
        affinity.Observe([1, 1], Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0.75 }, { 1.5, 0.25 } }));
        Assert.Equal([0.25, 0.0, -0.25, 0.5], affinity.ToMatrix().Values.ToRowMajorArray());
        Assert.Equal(2, affinity.ToMatrix().Observations(0, 1));
    }

    // On quadratic losses 0.5 |x - c_k|^2 a small step on i changes the loss of k by -rate g_i . g_k.
    [Fact]
    public void To_first_order_it_is_the_inner_product_over_the_loss()
    {
        const double rate = 1e-5;
        double[][] targets = [[1, 0], [0.5, 0.5], [-1, 0.2]];
        double[] Gradient(int k) => [-targets[k][0], -targets[k][1]];
        double Loss(double[] x, int k) => 0.5 * (Math.Pow(x[0] - targets[k][0], 2) + Math.Pow(x[1] - targets[k][1], 2));
        var affinity = new LookAheadAffinity(3);
        affinity.Observe(
            [.. Enumerable.Range(0, 3).Select(k => Loss([0, 0], k))],
            Matrix<double>.Build.Dense(3, 3, (i, k) => Loss([.. Gradient(i).Select(g => -rate * g)], k)));
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                Assert.Equal(Gradient(i).Zip(Gradient(k), (a, b) => a * b).Sum() / Loss([0, 0], k), affinity.ToMatrix().Values[i, k] / rate, 1e-4);
    }

    [Fact]
    public void What_was_not_measured_is_not_observed()
    {
        var affinity = new LookAheadAffinity(3);
        affinity.Observe([1, double.NaN, 0], Matrix<double>.Build.DenseOfArray(
            new[,] { { 0.5, 1, 1 }, { double.NaN, 1, 1 }, { double.PositiveInfinity, 1, 1 } }));
        AffinityMatrix matrix = affinity.ToMatrix();
        Assert.Equal(1, matrix.Values.Enumerate().Count(value => value != 0));
        Assert.Equal(1, matrix.Observations(0, 0));
        Assert.Equal(0, matrix.Observations(1, 0) + matrix.Observations(2, 0) + matrix.Observations(0, 1) + matrix.Observations(0, 2));
    }

    [Theory]
    [InlineData(10, -10)]
    [InlineData(0, -999)]
    public void A_loss_that_was_nearly_zero_does_not_rule_the_average(double limit, double expected)
    {
        var affinity = new LookAheadAffinity(1, limit: limit);
        affinity.Observe([1e-3], Matrix<double>.Build.Dense(1, 1, 1));
        Assert.Equal(expected, affinity.ToMatrix().Values[0, 0], 1e-9);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentException>(() => new LookAheadAffinity(2).Observe([1], Matrix<double>.Build.Dense(2, 2)));
        Assert.Throws<ArgumentException>(() => new LookAheadAffinity(2).Observe([1, 1], Matrix<double>.Build.Dense(2, 1)));
        Assert.Throws<InvalidOptionException>(() => new LookAheadAffinity(2, decay: -0.1));
        Assert.Throws<InvalidOptionException>(() => new LookAheadAffinity(2, limit: double.PositiveInfinity));
    }
}
