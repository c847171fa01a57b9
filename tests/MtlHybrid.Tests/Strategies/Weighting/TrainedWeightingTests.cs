using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>UW and IMTL-L: numbers s trained by Adam along with the network.</summary>
public sealed class TrainedWeightingTests
{
    private static double Uw(double[] losses, double[] s) => losses.Zip(s, (l, x) => l / (2 * Math.Exp(x)) + x / 2).Sum();

    private static double ImtlLObjective(double[] losses, double[] s) => losses.Zip(s, (l, x) => Math.Exp(x) * l - x).Sum();

    [Theory]
    [InlineData("uw")]
    [InlineData("imtl-l")]
    public void Weights_and_trained_numbers_follow_the_derivatives_of_the_objective(string name)
    {
        Func<double[], double[], double> objective = name == "uw" ? Uw : ImtlLObjective;
        var use = new WeightingRun(name == "uw" ? new UncertaintyWeighting(0.02) : new ImtlL(0.02), 3);
        var adam = new ReferenceAdam([0, 0, 0], 0.02);
        var random = new Random(2);
        for (int batch = 0; batch < 60; batch++)
        {
            double[] losses = [0.1 + random.NextDouble(), 3 * random.NextDouble(), 20 + random.NextDouble()];
            // Here learningRate, the trunk's, must not matter.
            double[] weights = use.Weigh(losses, learningRate: 5);
            WeightingRun.AssertClose(WeightingRun.Gradient(l => objective(l, adam.Theta), losses), weights, 1e-6);
            adam.Step(WeightingRun.Gradient(s => objective(losses, s), adam.Theta));
        }
    }

    [Fact]
    public void First_weights_are_a_half_for_uw_and_1_for_imtl_l()
    {
        Assert.Equal([0.5, 0.5], new WeightingRun(new UncertaintyWeighting(null), 2).Weigh([3, 100]));
        Assert.Equal([1.0, 1.0], new WeightingRun(new ImtlL(null), 2).Weigh([3, 100]));
    }

    [Fact]
    public void Without_a_rate_of_their_own_they_use_that_of_the_trunk()
    {
        var uw = new WeightingRun(new UncertaintyWeighting(null), 2);
        uw.Weigh([3, 0.1], learningRate: 0.25);
        // Adam's first step is the rate, whatever the gradient: up where l > 1.
        WeightingRun.AssertClose([0.5 * Math.Exp(-0.25), 0.5 * Math.Exp(0.25)], uw.Weigh([3, 0.1]), 1e-6);
    }

    [Fact]
    public void On_constant_losses_they_settle_at_equal_shares()
    {
        double[] losses = [0.05, 1, 30];
        var uw = new WeightingRun(new UncertaintyWeighting(0.05), 3);
        var imtl = new WeightingRun(new ImtlL(0.05), 3);
        for (int batch = 0; batch < 3000; batch++)
        {
            uw.Weigh(losses);
            imtl.Weigh(losses);
        }

        WeightingRun.AssertClose([10, 0.5, 1.0 / 60], uw.Weigh(losses), 1e-3);
        WeightingRun.AssertClose([20, 1, 1.0 / 30], imtl.Weigh(losses), 1e-3);
    }

    [Fact]
    public void Weights_stop_at_those_of_a_loss_of_1e_minus_8_and_of_1e30()
    {
        var uw = new WeightingRun(new UncertaintyWeighting(10), 3);
        var imtl = new WeightingRun(new ImtlL(10), 3);
        for (int batch = 0; batch < 200; batch++)
        {
            uw.Weigh([0, -5, 1e36]);
            imtl.Weigh([0, -5, 1e36]);
        }

        WeightingRun.AssertClose([0.5e8, 0.5e8, 0.5e-30], uw.Weigh([0, -5, 1e36]), 1e-9);
        WeightingRun.AssertClose([1e8, 1e8, 1e-30], imtl.Weigh([0, -5, 1e36]), 1e-9);
        Assert.True(uw.Weigh([0, 0, 1])[2] > 0);
    }

    [Fact]
    public void A_task_that_takes_no_part_is_not_stepped()
    {
        var gaps = new WeightingRun(new ImtlL(0.05), 2);
        var without = new WeightingRun(new ImtlL(0.05), 2);
        for (int batch = 0; batch < 10; batch++)
        {
            gaps.Weigh([3, 2]);
            gaps.Weigh([3, double.NaN]);
            without.Weigh([3, 2]);
        }

        double[] weights = gaps.Weigh([3, 2]);
        Assert.Equal(without.Weigh([3, 2])[1], weights[1]);
        Assert.NotEqual(weights[0], weights[1], 1e-3);
    }
}
