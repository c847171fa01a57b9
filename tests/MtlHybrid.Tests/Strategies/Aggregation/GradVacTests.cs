using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class GradVacTests
{
    [Fact]
    public void The_first_batch_is_as_PCGrad()
    {
        Near.Equal([0.5848, 3.8012, 3.8012], Aggregate.Direction(new GradVac(0.5), Aggregate.Published));
        Matrix<double> jacobian = Aggregate.Rows([1, 2, -3, 0], [-2, 1, 1, 1], [0, -3, 1, -1], [1, -1, -1, 2]);
        Near.Equal(Aggregate.Weights(new PCGrad(), jacobian, 3, 4), Aggregate.Weights(new GradVac(0.5), jacobian, 3, 4), 1e-12);
    }

    [Fact]
    public void A_gradient_is_turned_to_the_cosine_seen_before()
    {
        var aggregator = new GradVac(beta: 1);
        // Cosine 0.8 is remembered; then the gradients are orthogonal, and each is turned towards the other until it is 0.8.
        Assert.Equal([1, 1], Aggregate.Weights(aggregator, Aggregate.Rows([1, 0], [0.8, 0.6])));
        double[] weights = Aggregate.Weights(aggregator, Aggregate.Rows([1, 0], [0, 2]));

        // g_1 + x g_2 has the cosine 2x / sqrt(1 + 4 x^2) = 0.8 with g_2 for x = 2/3; g_2 + y g_1 likewise for y = 8/3.
        Near.Equal([1 + (8.0 / 3), 1 + (2.0 / 3)], weights, 1e-12);
    }

    [Fact]
    public void The_target_is_a_moving_average_of_cosines()
    {
        var aggregator = new GradVac(beta: 0.5);
        Aggregate.Weights(aggregator, Aggregate.Rows([1, 0], [0.8, 0.6])); // target 0.4
        Aggregate.Weights(aggregator, Aggregate.Rows([1, 0], [1, 0])); // target 0.7
        double[] weights = Aggregate.Weights(aggregator, Aggregate.Rows([1, 0], [0, 1]));

        double expected = 1 + (0.7 / Math.Sqrt(1 - 0.49));
        Near.Equal([expected, expected], weights, 1e-12);
    }

    [Fact]
    public void Targets_belong_to_tasks_not_to_rows()
    {
        var aggregator = new GradVac(beta: 1);
        double[] weights = new double[2];
        Matrix<double> alike = Aggregate.Rows([1, 0], [0.8, 0.6]), orthogonal = Aggregate.Rows([1, 0], [0, 1]);
        aggregator.Weigh(alike * alike.Transpose(), new AggregationInputs([0, 2], 3, []), weights);

        aggregator.Weigh(orthogonal * orthogonal.Transpose(), new AggregationInputs([0, 1], 3, []), weights);
        Near.Equal([1, 1], weights, 1e-12);
        aggregator.Weigh(orthogonal * orthogonal.Transpose(), new AggregationInputs([0, 2], 3, []), weights);
        Near.Equal([1 + (4.0 / 3), 1 + (4.0 / 3)], weights, 1e-12);
    }

    [Fact]
    public void Gradients_that_were_equal_for_long_and_then_opposite_give_finite_weights()
    {
        var aggregator = new GradVac(0.5);
        for (int batch = 0; batch < 100; batch++) Near.Equal([1, 1], Aggregate.Weights(aggregator, Aggregate.Rows([1, 2], [1, 2])), 1e-6);

        Assert.All(Aggregate.Weights(aggregator, Aggregate.Rows([1, 2], [-1, -2])), weight => Assert.True(double.IsFinite(weight)));
    }
}
