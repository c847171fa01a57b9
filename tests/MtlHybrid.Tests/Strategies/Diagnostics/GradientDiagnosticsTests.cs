using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Diagnostics;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Diagnostics;

public sealed class GradientDiagnosticsTests
{
    [Fact]
    public void Numbers_are_means_over_the_batches_in_which_they_are_defined()
    {
        var diagnostics = new GradientDiagnostics(3);
        diagnostics.Add(Gram(1, 4, -1), [0, 2]);
        diagnostics.Add(Gram(9, 4, 3), [0, 2]);
        diagnostics.Add(Matrix<double>.Build.Dense(1, 1, 25), [1]);

        GradientReport report = diagnostics.Report();

        Assert.Equal(3, report.Batches);
        Assert.Equal([2, 5, 2], report.Norms);
        Assert.Equal(0, report.Cosines[0][2], 12);
        Assert.Equal(report.Cosines[0][2], report.Cosines[2][0]);
        Assert.True(double.IsNaN(report.Cosines[0][1]));
        Assert.Equal(1, report.Cosines[1][1]);
        Assert.Equal(0.5, report.ConflictShare);
        Assert.Equal((2.0 * 2 / 5 + 2.0 * 6 / 13) / 2, report.MagnitudeSimilarity, 12);
    }

    [Fact]
    public void The_condition_number_is_a_geometric_mean()
    {
        var diagnostics = new GradientDiagnostics(2);
        diagnostics.Add(Gram(1, 4, 0), [0, 1]);
        diagnostics.Add(Gram(1, 64, 0), [0, 1]);

        Assert.Equal(4, diagnostics.Report().ConditionNumber, 9);
    }

    [Fact]
    public void Weights_are_averaged_where_a_task_took_part()
    {
        var diagnostics = new GradientDiagnostics(3);
        diagnostics.AddWeights([1, double.NaN, 3]);
        diagnostics.AddWeights([3, double.NaN, 5]);
        diagnostics.AddWeights([]);

        Assert.Equal([2, double.NaN, 4], diagnostics.Report().Weights);
    }

    [Fact]
    public void A_batch_that_is_not_finite_is_counted_and_left_out()
    {
        var diagnostics = new GradientDiagnostics(2);
        diagnostics.Add(Gram(1, 1, double.NaN), [0, 1]);
        diagnostics.Add(Gram(1, 1, 0.5), [0, 1]);

        GradientReport report = diagnostics.Report();

        Assert.Equal((1, 1), (report.Batches, report.NotFinite));
        Assert.Equal(0.5, report.MeanCosine, 12);
    }

    [Fact]
    public void Without_a_batch_nothing_is_known()
    {
        GradientReport report = new GradientDiagnostics(2).Report();

        Assert.Equal(0, report.Batches);
        Assert.All([report.MeanCosine, report.ConflictShare, report.ConditionNumber, report.MinimumNorm, .. report.Norms], value => Assert.True(double.IsNaN(value)));
    }

    private static Matrix<double> Gram(double first, double second, double product) => Matrix<double>.Build.DenseOfArray(new[,] { { first, product }, { product, second } });
}
