using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class KrumTests
{
    private static readonly Matrix<double> Outlier = Aggregate.Rows([1, 1, 1], [1, 0, 1], [75, -666, 23], [1, 2, 3], [2, 0, 1]);

    [Fact]
    public void The_published_direction()
    {
        Near.Equal([1.25, 0.75, 1.5], Aggregate.Direction(new Krum(byzantine: 1, selected: 4), Outlier), 1e-12);
        Assert.Equal([0.25, 0.25, 0, 0.25, 0.25], Aggregate.Weights(new Krum(1, 4), Outlier));
    }

    [Fact]
    public void One_selected_is_the_gradient_with_the_nearest_neighbours() =>
        // Squared distances of (1,0,1) to its two nearest are 1 and 1; every other gradient has more.
        Assert.Equal([0, 1, 0, 0, 0], Aggregate.Weights(new Krum(1, 1), Outlier));

    [Fact]
    public void The_order_of_tasks_does_not_matter_where_scores_differ()
    {
        Matrix<double> jacobian = SampledMatrix.Normal(9, 5, 2);

        double[] reversed = Aggregate.Weights(new Krum(2, 3), Matrix<double>.Build.DenseOfRows(jacobian.EnumerateRows().Reverse()));

        Assert.Equal(Aggregate.Weights(new Krum(2, 3), jacobian), reversed.Reverse());
    }

    [Fact]
    public void All_selected_is_the_mean() =>
        Near.Equal([0.2, 0.2, 0.2, 0.2, 0.2], Aggregate.Weights(new Krum(0, 5), Outlier), 1e-15);

    [Theory]
    [InlineData(1, "needs at least 4, got 1")]
    [InlineData(2, "needs at least 4, got 2")]
    [InlineData(3, "needs at least 4, got 3")]
    public void Too_few_gradients_are_averaged_as_far_as_they_go_and_that_is_said(int rows, string expected)
    {
        Matrix<double> jacobian = Outlier.SubMatrix(0, rows, 0, 3);
        double[] weights = new double[rows];

        string? remark = new Krum(1, 1).Weigh(jacobian * jacobian.Transpose(), Aggregate.AllTasks(rows, []), weights);

        Assert.Contains(expected, remark);
        Assert.Equal(1, weights.Sum());
    }
}
