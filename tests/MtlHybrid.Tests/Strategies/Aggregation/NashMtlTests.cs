using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public sealed class NashMtlTests
{
    private static readonly Matrix<double> Jacobian = SampledMatrix.Normal(4, 12, 1);

    [Fact]
    public void The_norm_is_at_most_the_given_one()
    {
        // M a = 1/a makes |d|^2 = a^T M a = K.
        foreach ((double maxNorm, double expected) in new[] { (1.0, 1.0), (0.25, 0.25), (5, 2) })
        {
            double norm = Vector<double>.Build.Dense(Aggregate.Direction(new NashMtl(maxNorm, 1), Jacobian)).L2Norm();
            Assert.Equal(expected, norm, 1e-5);
        }
    }

    [Fact]
    public void Weights_times_lengths_stay_bounded_as_gradients_come_to_oppose_each_other()
    {
        foreach (double angle in new[] { 1e-1, 1e-3, 1e-6, 1e-12, 0 })
        {
            Matrix<double> jacobian = Aggregate.Rows([1, angle], [-1, angle]);
            double[] weights = Aggregate.Weights(new NashMtl(1, 1), jacobian);
            Assert.All(weights, weight => Assert.InRange(weight, 0, 3000));
            double norm = Vector<double>.Build.Dense(Aggregate.Direction(new NashMtl(1, 1), jacobian)).L2Norm();
            Assert.True(norm <= 1 + 1e-9 && (angle > 0 || norm <= 1e-9), $"angle {angle}: norm {norm}");
        }
    }

    [Fact]
    public void Between_solutions_the_weights_stay()
    {
        var nash = new NashMtl(100, 3);
        Matrix<double>[] jacobians = [.. Enumerable.Range(0, 7).Select(batch => SampledMatrix.Normal(4, 12, batch))];
        double[][] weights = [.. jacobians.Select((jacobian, batch) => Aggregate.Weights(nash, jacobian, batch: batch))];
        foreach (int solved in new[] { 0, 3, 6 })
            Assert.Equal(Aggregate.Weights(new NashMtl(100, 1), jacobians[solved]), weights[solved]);
        foreach (int kept in new[] { 1, 2, 4, 5 })
            Assert.Equal(weights[kept / 3 * 3], weights[kept]);
    }

    [Fact]
    public void Weights_that_stay_are_clipped_to_the_norm_of_the_batch()
    {
        var nash = new NashMtl(1, 2);
        Aggregate.Weights(nash, Jacobian, batch: 0);
        Assert.Equal(1, Vector<double>.Build.Dense(Aggregate.Direction(nash, Jacobian * 100, batch: 1)).L2Norm(), 1e-9);
    }

    [Fact]
    public void A_task_that_has_no_weight_yet_has_one_found_at_once()
    {
        var nash = new NashMtl(100, 5);
        double[] one = new double[1];
        nash.Weigh(Matrix<double>.Build.Dense(1, 1, 4), new AggregationInputs([0], 2, []), one);
        Assert.Equal(0.5, one[0], 1e-6);
        double[] both = new double[2];
        nash.Weigh(Matrix<double>.Build.Diagonal([4, 9]), new AggregationInputs([0, 1], 2, [], 0, 1), both);
        Near.Equal([0.5, 1.0 / 3], both, 1e-6);
    }
}
