using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class ExcessMtlTests
{
    [Fact]
    public void The_first_batch_is_the_sum()
    {
        var aggregator = new ExcessMtl(eta: 0.01);
        Near.Equal([2, 2, 2], Aggregate.Direction(aggregator, Aggregate.Published), 1e-15);
        Assert.Equal([1, 1], aggregator.Weights);
    }

    [Fact]
    public void Weights_follow_the_rule()
    {
        var aggregator = new ExcessMtl(eta: 0.5);
        Aggregate.Direction(aggregator, Aggregate.Rows([3, 0], [0, 1]));
        double[] direction = Aggregate.Direction(aggregator, Aggregate.Rows([4, 0], [0, 1]));

        // S = 9 + 16 and 1 + 1; E = 16/5 and 1/sqrt 2, in the first batch 3 and 1 (the 1e-7 is below the tolerance).
        double first = Math.Exp(0.5 * (16.0 / 5) / 3), second = Math.Exp(0.5 / Math.Sqrt(2)), sum = first + second;
        Near.Equal([2 * first / sum, 2 * second / sum], aggregator.Weights, 1e-6);
        Near.Equal([8 * first / sum, 2 * second / sum], direction, 1e-6);
    }

    [Fact]
    public void A_task_whose_gradients_do_not_fade_gains_weight()
    {
        var aggregator = new ExcessMtl(0.01);
        for (int batch = 0; batch < 50; batch++) Aggregate.Direction(aggregator, Aggregate.Rows([1, 0], [0, 1.0 / (1 + batch)]));

        Assert.True(aggregator.Weights[0] > aggregator.Weights[1]);
    }

    [Fact]
    public void Long_runs_and_gradients_that_begin_at_zero_stay_finite()
    {
        var aggregator = new ExcessMtl(eta: 1);
        Matrix<double> none = Aggregate.Rows([1, 0], [0, 0]), growing = Aggregate.Rows([1, 0], [0, 1e15]);
        Aggregate.Direction(aggregator, none);
        for (int batch = 0; batch < 5000; batch++)
            Assert.All(Aggregate.Direction(aggregator, batch % 2 == 0 ? growing : none), value => Assert.True(double.IsFinite(value)));
    }
}
