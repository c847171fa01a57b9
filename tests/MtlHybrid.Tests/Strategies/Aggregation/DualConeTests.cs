using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>UPGrad and DualProj: projections on the cone of directions that oppose no gradient.</summary>
public sealed class DualConeTests
{
    [Fact]
    public void Two_gradients_are_projected_as_on_paper()
    {
        // g1 - (g1.g2 / |g2|^2) g2 where they oppose each other; means of the two for UPGrad.
        foreach (Matrix<double> jacobian in Enumerable.Range(0, 20).Select(seed => SampledMatrix.Normal(2, 3, seed)))
        {
            Vector<double> first = jacobian.Row(0);
            Vector<double> second = jacobian.Row(1);
            Vector<double> expected = (Project(first, second) + Project(second, first)) / 2;
            Near.Equal([.. expected], Aggregate.Direction(new UPGrad(0), jacobian), 1e-10);
        }

        static Vector<double> Project(Vector<double> vector, Vector<double> other) => vector - (Math.Min(vector * other, 0) / (other * other) * other);
    }

    /// <summary>A projection on a cone: what was moved is perpendicular to the result, and in the cone's polar (here by the form of v - u >= 0).</summary>
    [Fact]
    public void The_mean_is_moved_at_right_angles_and_no_further_than_needed()
    {
        foreach ((int rows, int columns) in new[] { (3, 3), (7, 10), (16, 40), (40, 30) })
        {
            Matrix<double> jacobian = SampledMatrix.Normal(rows, columns, rows);
            double[] weights = Aggregate.Weights(new DualProj(0), jacobian);
            Assert.All(weights, weight => Assert.True(weight >= (1.0 / rows) - 1e-15));
            Vector<double> direction = Vector<double>.Build.Dense(Aggregate.Direction(new DualProj(0), jacobian));
            Vector<double> moved = direction - (jacobian.ColumnSums() / rows);
            double scale = jacobian.FrobeniusNorm();
            Assert.True(Math.Abs(moved * direction) <= 1e-10 * scale * scale);
            Assert.True((jacobian * direction).Minimum() >= -1e-10 * scale * scale);
        }
    }

    [Fact]
    public void Gradients_that_do_not_oppose_each_other_are_averaged()
    {
        Matrix<double> jacobian = Aggregate.Rows([1, 0, 2], [2, 1, 0], [0, 5, 1]);
        foreach (IGramAggregator aggregator in new IGramAggregator[] { new UPGrad(1e-4), new DualProj(1e-4) })
            Near.Equal([1, 2, 1], Aggregate.Direction(aggregator, jacobian), 1e-15);
    }
}
