using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class GradNormTests
{
    [Fact]
    public void Weights_start_at_one_and_learn_from_the_batch_before()
    {
        var weighting = new GradNorm(alpha: 1.5, rate: 0.1);
        double[] weights = new double[2];
        weighting.Weigh([1, 3], Aggregate.AllTasks(2, [1, 1]), weights);
        Assert.Equal([1, 1], weights);

        weighting.Weigh([1, 3], Aggregate.AllTasks(2, [1, 1]), weights);
        // Norms 1 and 3 lie below and above their mean 2; steps of 0.1 times 1/2 and 3/2, then back to a sum of 2.
        Near.Equal([1.05 * 2 / 1.9, 0.85 * 2 / 1.9], weights, 1e-12);
    }

    [Fact]
    public void At_one_pace_weighted_norms_become_equal()
    {
        var weighting = new GradNorm(1.5, 0.01);
        double[] weights = new double[3];
        for (int batch = 0; batch < 5000; batch++) weighting.Weigh([1, 4, 10], Aggregate.AllTasks(3, [2, 1, 5]), weights);

        Near.Equal([3 / 1.35, 0.25 * 3 / 1.35, 0.1 * 3 / 1.35], weights, 0.05);
        Assert.Equal(3, weights.Sum(), 1e-9);
    }

    [Fact]
    public void A_task_that_learns_slowly_gets_the_longer_gradient()
    {
        var weighting = new GradNorm(1, 0.01);
        double[] weights = new double[2];
        for (int batch = 0; batch < 2000; batch++)
            weighting.Weigh([1, 1], Aggregate.AllTasks(2, batch == 0 ? [1, 1] : [0.9, 0.3]), weights);

        // r = 1.5 and 0.5; weights are the norms here.
        Near.Equal([1.5, 0.5], weights, 0.05);
    }

    [Fact]
    public void A_task_that_is_away_keeps_its_weight_and_the_sum_stays()
    {
        var weighting = new GradNorm(1.5, 0.1);
        double[] all = new double[3], later = new double[3], some = new double[2];
        for (int batch = 0; batch < 3; batch++) weighting.Weigh([1, 2, 6], Aggregate.AllTasks(3, [1, 1, 1]), all);
        weighting.Weigh([0, 0, 0], Aggregate.AllTasks(3, [1, 1, 1]), all); // teaches nothing
        for (int batch = 0; batch < 10; batch++) weighting.Weigh([5, 1], new AggregationInputs([0, 2], 3, [1, 1]), some);
        weighting.Weigh([0, 0, 0], Aggregate.AllTasks(3, [1, 1, 1]), later);

        Assert.Equal(all[1], later[1]);
        Assert.True(later[0] < all[0]);
        Assert.Equal(3, later.Sum(), 1e-9);
    }

    [Fact]
    public void Zero_norms_and_zero_losses_leave_finite_weights()
    {
        var weighting = new GradNorm(1.5, 0.025);
        double[] weights = new double[2];
        foreach (double[] norms in (double[][])[[0, 0], [0, 1e15], [1e-10, 0], [1, 1]])
            foreach (double[] losses in (double[][])[[0, 0], [0, 1], [1e-300, 1e300], [1, 1]])
                weighting.Weigh(norms, Aggregate.AllTasks(2, losses), weights);

        Assert.All(weights, weight => Assert.True(double.IsFinite(weight) && weight > 0));
    }
}
