using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class DbMtlTests
{
    [Fact]
    public void Gradients_of_log_losses_are_scaled_to_the_longest_and_summed()
    {
        double[] direction = Aggregate.Direction(new DbMtl(beta: 0), Aggregate.Rows([3, 4], [0, 1]), losses: [5, 0.1]);

        // (3,4)/5 has length 1, (0,1)/0.1 length 10.
        Near.Equal([6, 8 + 10], direction, 1e-12);
    }

    [Fact]
    public void Without_losses_rows_are_gradients_of_log_losses() =>
        Near.Equal([3, 4 + 5], Aggregate.Direction(new DbMtl(0), Aggregate.Rows([3, 4], [0, 1])), 1e-12);

    [Fact]
    public void The_average_starts_at_zero_and_keeps_its_share()
    {
        var aggregator = new DbMtl(beta: 0.9);
        Near.Equal([0.1], Aggregate.Direction(aggregator, Aggregate.Rows([1])), 1e-12);
        Near.Equal([0.09 + 0.2], Aggregate.Direction(aggregator, Aggregate.Rows([2])), 1e-12);
    }

    [Fact]
    public void A_task_that_is_away_keeps_its_average()
    {
        var aggregator = new DbMtl(beta: 0.5);
        Aggregate.Direction(aggregator, Aggregate.Rows([4, 0], [0, 4])); // averages (2,0) and (0,2)
        Near.Equal([3, 0], aggregator.Combine(Aggregate.Rows([4, 0]), new AggregationInputs([0], 2, [])).ToArray(), 1e-12);
        Near.Equal([2, 2], aggregator.Combine(Aggregate.Rows([1, 0], [0, 2]), new AggregationInputs([0, 1], 2, [])).ToArray(), 1e-12);
    }

    [Fact]
    public void Zero_gradients_and_zero_losses_stay_finite()
    {
        Matrix<double> jacobian = Aggregate.Rows([0, 0], [1, 0]);
        Assert.All(Aggregate.Direction(new DbMtl(0.9), jacobian, losses: [0, 0]), value => Assert.True(double.IsFinite(value)));
        Assert.Equal([0, 0], Aggregate.Direction(new DbMtl(0.9), jacobian * 0));
    }
}
