using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

public sealed class DynamicWeightAverageTests
{
    // Epoch means [1, 1], then [1, 4]: weights 2 softmax([1, 4] / 2).
    [Fact]
    public void Published_weights_after_two_epochs_and_1_before()
    {
        var use = new WeightingRun(new DynamicWeightAverage(2), 2);
        Assert.Equal([1.0, 1.0], use.Weigh([0.5, 1.2], epoch: 0));
        Assert.Equal([1.0, 1.0], use.Weigh([1.5, 0.8], epoch: 0));
        Assert.Equal([1.0, 1.0], use.Weigh([1, 3], epoch: 1));
        Assert.Equal([1.0, 1.0], use.Weigh([1, 5], epoch: 1));
        double[] expected = [2 / (1 + Math.Exp(1.5)), 2 / (1 + Math.Exp(-1.5))];
        WeightingRun.AssertClose(expected, use.Weigh([9, 9], epoch: 2), 1e-14);
        WeightingRun.AssertClose(expected, use.Weigh([7, 1], epoch: 2), 1e-14);
        // Means [8, 5]: ratios [8, 5/4].
        double[] exponentials = [Math.Exp(4), Math.Exp(0.625)];
        double[] next = use.Weigh([1, 1], epoch: 3);
        WeightingRun.AssertClose([.. exponentials.Select(e => 2 * e / exponentials.Sum())], next, 1e-14);
        Assert.Equal(2, next.Sum(), 1e-14);
    }

    [Fact]
    public void The_scale_of_a_loss_does_not_matter()
    {
        var use = new WeightingRun(new DynamicWeightAverage(2), 2);
        var scaled = new WeightingRun(new DynamicWeightAverage(2), 2);
        var random = new Random(8);
        for (int epoch = 0; epoch < 6; epoch++)
        {
            double[] losses = [random.NextDouble(), random.NextDouble()];
            double[] weights = use.Weigh(losses, epoch);
            WeightingRun.AssertClose(weights, scaled.Weigh([1000 * losses[0], losses[1] / 1000], epoch), 1e-12);
            if (epoch > 1) Assert.NotEqual(1, weights[0]);
        }
    }

    [Fact]
    public void An_epoch_without_labels_of_a_task_is_passed_over()
    {
        var use = new WeightingRun(new DynamicWeightAverage(2), 2);
        use.Weigh([1, 1], epoch: 0);
        use.Weigh([1, double.NaN], epoch: 1);
        // The second task has one mean so far: its ratio is 1.
        Assert.Equal([1.0, 0.0], use.Weigh([1, double.NaN], epoch: 2));
        use.Weigh([1, 4], epoch: 2);
        WeightingRun.AssertClose([2 / (1 + Math.Exp(1.5)), 2 / (1 + Math.Exp(-1.5))], use.Weigh([1, 1], epoch: 3), 1e-14);
    }

    [Fact]
    public void Solved_tasks_count_as_1e_minus_8()
    {
        var use = new WeightingRun(new DynamicWeightAverage(2), 3);
        use.Weigh([0, 0, 1], epoch: 0);
        use.Weigh([0, 1, 0], epoch: 1);
        // Ratios 1, 1e8 and 1e-8.
        WeightingRun.AssertClose([0, 3, 0], use.Weigh([1, 1, 1], epoch: 2), 1e-12);
    }
}
