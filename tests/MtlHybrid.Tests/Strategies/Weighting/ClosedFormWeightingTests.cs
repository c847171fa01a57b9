using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>Weightings without state: their weights are the derivatives of the objective.</summary>
public sealed class ClosedFormWeightingTests
{
    private static readonly double[] Losses = [0.3, 2, 0.01, 40];

    private static SmoothTchebycheff Stch(
        double mu = 1, double[]? preferences = null, IdealPoint ideal = IdealPoint.Zero, int warmupEpochs = 0, bool logRatio = false) =>
        new(mu, preferences, ideal, warmupEpochs, logRatio);

    [Fact]
    public void Scale_invariant_weights_are_the_derivatives_of_the_sum_of_logarithms()
    {
        double[] weights = new WeightingRun(new ScaleInvariant(), 4).Weigh(Losses);
        WeightingRun.AssertClose([1 / 0.3, 0.5, 100, 0.025], weights, 1e-15);
        WeightingRun.AssertClose(WeightingRun.Gradient(l => l.Sum(Math.Log), Losses), weights, 1e-8);
    }

    [Fact]
    public void Below_1e_minus_8_a_logarithm_goes_on_as_its_tangent()
    {
        var use = new WeightingRun(new ScaleInvariant(), 4);
        WeightingRun.AssertClose([1e8, 1e8, 1e8, 0.5], use.Weigh([1e-8, 0, -3, 2]), 1e-15);
        Assert.Equal(Math.Log(1e-8), LossLogarithm.Value(1e-8), 1e-12);
        Assert.Equal(Math.Log(1e-8) - 1, LossLogarithm.Value(0), 1e-12);
        Assert.Equal(LossLogarithm.Value(1e-8 * (1 - 1e-6)), LossLogarithm.Value(1e-8), 1e-5);
    }

    [Fact]
    public void A_geometric_loss_has_published_value_2_at_1_2_4_and_its_derivatives_as_weights()
    {
        double[] losses = [1, 2, 4];
        double[] weights = new WeightingRun(new GeometricLoss(), 3).Weigh(losses);
        // w_i l_i = mean / K, so their sum is the geometric mean.
        Assert.Equal(2, weights.Zip(losses, (w, l) => w * l).Sum(), 1e-12);
        WeightingRun.AssertClose([2.0 / 3, 1.0 / 3, 1.0 / 6], weights, 1e-14);
        WeightingRun.AssertClose(
            WeightingRun.Gradient(l => Math.Pow(l.Aggregate((a, b) => a * b), 0.25), Losses),
            new WeightingRun(new GeometricLoss(), 4).Weigh(Losses), 1e-8);
    }

    [Fact]
    public void A_geometric_loss_with_a_solved_task_still_has_derivatives_as_weights()
    {
        // The objective is exp(mean of the prolonged logarithms): 1e-8 / e for the second task, whose slope is 1e8.
        double mean = Math.Sqrt(3 * 1e-8 / Math.E);
        WeightingRun.AssertClose([mean / 6, mean / 2 * 1e8], new WeightingRun(new GeometricLoss(), 2).Weigh([3, 0]), 1e-12);
    }

    [Fact]
    public void Missing_tasks_do_not_count_in_a_geometric_loss()
    {
        double[] weights = new WeightingRun(new GeometricLoss(), 4).Weigh([1, double.NaN, 2, 4]);
        WeightingRun.AssertClose([2.0 / 3, 0, 1.0 / 3, 1.0 / 6], weights, 1e-14);
    }

    [Fact]
    public void Smooth_Tchebycheff_has_published_value_ln_2_at_0_0_and_its_derivatives_as_weights()
    {
        Func<double[], double> objective = l => Math.Log(l.Sum(Math.Exp));
        Assert.Equal(Math.Log(2), objective([0, 0]), 1e-12);
        WeightingRun.AssertClose([0.5, 0.5], new WeightingRun(Stch(), 2).Weigh([0, 0]), 1e-15);
        double[] at = [0.3, 2, 0.01, 1.5];
        WeightingRun.AssertClose(WeightingRun.Gradient(objective, at), new WeightingRun(Stch(), 4).Weigh(at), 1e-8);
        double[] lambda = [0.1, 0.5, 2, 1.4];
        WeightingRun.AssertClose(
            WeightingRun.Gradient(l => 0.7 * Math.Log(l.Zip(lambda, (x, y) => Math.Exp(x * y / 0.7)).Sum()), at),
            new WeightingRun(Stch(mu: 0.7, preferences: lambda), 4).Weigh(at), 1e-8);
    }

    [Fact]
    public void Smooth_Tchebycheff_with_little_smoothing_follows_the_worst_task_and_with_much_the_mean()
    {
        WeightingRun.AssertClose([0, 0, 0, 1], new WeightingRun(Stch(mu: 0.01), 4).Weigh(Losses), 1e-12);
        WeightingRun.AssertClose([0.25, 0.25, 0.25, 0.25], new WeightingRun(Stch(mu: 1e6), 4).Weigh(Losses), 1e-4);
    }

    [Fact]
    public void The_ideal_point_of_smooth_Tchebycheff_moves_to_the_smallest_loss_seen()
    {
        var use = new WeightingRun(Stch(ideal: IdealPoint.Smallest), 2);
        WeightingRun.AssertClose([0.5, 0.5], use.Weigh([5, 1]), 1e-15);
        // z = (5, 1): l - z = (2, 0), then z = (4, 1): (0, 3).
        WeightingRun.AssertClose([1 / (1 + Math.Exp(-2)), 1 / (1 + Math.Exp(2))], use.Weigh([7, 1]), 1e-14);
        WeightingRun.AssertClose([1 / (1 + Math.Exp(3)), 1 / (1 + Math.Exp(-3))], use.Weigh([4, 4]), 1e-14);
    }

    [Fact]
    public void Smooth_Tchebycheff_warms_up_with_the_sum_of_logarithms()
    {
        var use = new WeightingRun(Stch(warmupEpochs: 2), 2);
        WeightingRun.AssertClose([2, 0.25], use.Weigh([0.5, 4], epoch: 0), 1e-15);
        WeightingRun.AssertClose([2, 0.25], use.Weigh([0.5, 4], epoch: 1), 1e-15);
        WeightingRun.AssertClose([1 / (1 + Math.Exp(3.5)), 1 / (1 + Math.Exp(-3.5))], use.Weigh([0.5, 4], epoch: 2), 1e-14);
    }

    [Fact]
    public void Smooth_Tchebycheff_of_ratios_compares_with_the_means_of_the_last_warm_up_epoch()
    {
        var use = new WeightingRun(Stch(mu: 0.5, warmupEpochs: 2, logRatio: true), 3);
        use.Weigh([100, 100, 100], epoch: 0);
        use.Weigh([1, 6, double.NaN], epoch: 1);
        use.Weigh([3, 2, double.NaN], epoch: 1);
        // The third task had no labels then: its first loss afterwards stands for the mean.
        double[] at = [1, 3, 8];
        double[] means = [2, 4, 8];
        WeightingRun.AssertClose(
            WeightingRun.Gradient(l => 0.5 * Math.Log(l.Zip(means, (x, n) => Math.Exp(Math.Log(x / n) / 0.5)).Sum()), at),
            use.Weigh(at, epoch: 2), 1e-8);
    }

    [Fact]
    public void Preferences_of_smooth_Tchebycheff_are_one_per_task()
    {
        var weighting = Stch(preferences: [1, 2]);
        var error = Assert.Throws<InvalidOptionException>(() => weighting.Prepare([default, default, default], 1));
        Assert.Contains("3 numbers, one per task", error.Message, StringComparison.Ordinal);
    }

    // What does not change when a task's loss is measured in another unit: the share of the task in the gradient, w_i l_i.
    [Theory]
    [InlineData(1e-3)]
    [InlineData(7)]
    [InlineData(1e5)]
    public void Logarithmic_objectives_do_not_feel_the_scale_of_a_loss(double scale)
    {
        double[] scaled = [.. Losses.Select((loss, task) => task == 1 ? scale * loss : loss)];
        double[] Shares(ILossWeighting weighting, double[] losses)
        {
            double[] products = [.. new WeightingRun(weighting, 4).Weigh(losses).Zip(losses, (w, l) => w * l)];
            return [.. products.Select(product => product / products.Sum())];
        }

        foreach (Func<ILossWeighting> create in (Func<ILossWeighting>[])[() => new ScaleInvariant(), () => new GeometricLoss(), () => new Famo(0.025, 0.001, null)])
            WeightingRun.AssertClose(Shares(create(), Losses), Shares(create(), scaled), 1e-5);
    }
}
