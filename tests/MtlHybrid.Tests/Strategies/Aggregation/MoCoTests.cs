using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class MoCoTests
{
    [Fact]
    public void Constant_gradients_lead_to_the_min_norm_point()
    {
        var aggregator = new MoCo(beta: 0.5, betaDecay: 0, gamma: 0.1, gammaDecay: 0, rho: 0);
        double[] direction = [];
        for (int batch = 0; batch < 2000; batch++) direction = Aggregate.Direction(aggregator, Aggregate.Published);

        Near.Equal([0.6, 0.4], aggregator.Weights);
        Near.Equal([0, 1, 1], direction);
    }

    [Fact]
    public void The_first_batches_follow_the_rule()
    {
        var aggregator = new MoCo(0.5, 0.5, 0.1, 0.5, 0.2);
        // y = (1,0) and (0,2), unit 2.5; slopes 0.2 and 0.8 at (1/2, 1/2), and 0.1 each for rho.
        double[] direction = Aggregate.Direction(aggregator, Aggregate.Rows([2, 0], [0, 4]));

        Near.Equal([0.53, 0.47], aggregator.Weights, 1e-12);
        Near.Equal([0.53, 0.94], direction, 1e-12);

        double share = 0.5 / Math.Sqrt(2), step = 0.1 / Math.Sqrt(2);
        double first = 1 - share, second = 2 * (1 - share); // all gradients zero: only the averages fade
        double unit = ((first * first) + (second * second)) / 2;
        double slope0 = (first * first * 0.53 / unit) + (0.2 * 0.53), slope1 = (second * second * 0.47 / unit) + (0.2 * 0.47);
        direction = Aggregate.Direction(aggregator, Aggregate.Rows([0, 0], [0, 0]));
        double expected = 0.53 + (step * (slope1 - slope0) / 2);
        Near.Equal([expected, 1 - expected], aggregator.Weights, 1e-12);
        Near.Equal([expected * first, (1 - expected) * second], direction, 1e-12);
    }

    [Fact]
    public void Tasks_that_are_away_keep_average_count_and_weight()
    {
        var aggregator = new MoCo(1, 1, 0, 0, 0);
        Aggregate.Direction(aggregator, Aggregate.Rows([2, 0], [0, 4]));
        aggregator.Combine(Aggregate.Rows([4, 0]), new AggregationInputs([0], 2, []));

        // The first task's third share is 1/3, the second one's second 1/2.
        double[] direction = aggregator.Combine(Aggregate.Rows([0, 0], [0, 0]), new AggregationInputs([0, 1], 2, [])).ToArray();
        Near.Equal([0.5 * 3 * 2 / 3, 0.5 * 4 / 2], direction, 1e-12);
    }
}
