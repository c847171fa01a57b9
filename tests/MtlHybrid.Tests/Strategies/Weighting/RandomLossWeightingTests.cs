using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

public sealed class RandomLossWeightingTests
{
    [Fact]
    public void Weights_are_drawn_anew_and_sum_to_the_number_of_tasks_that_take_part()
    {
        var use = new WeightingRun(new RandomLossWeighting(), 4);
        double[] first = use.Weigh([1, 1, 1, 1]);
        double[] second = use.Weigh([1, 1, 1, 1]);
        double[] third = use.Weigh([1, double.NaN, 1, 1]);
        Assert.NotEqual(first, second);
        Assert.Equal(4, first.Sum(), 1e-12);
        Assert.Equal(4, second.Sum(), 1e-12);
        Assert.Equal(3, third.Sum(), 1e-12);
        Assert.Equal([1.0], new WeightingRun(new RandomLossWeighting(), 1).Weigh([5]));
    }

    [Fact]
    public void Logarithms_of_weights_differ_by_normal_draws_of_variance_2()
    {
        var use = new WeightingRun(new RandomLossWeighting(), 2);
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => use.Weigh([1, 1])).Select(w => Math.Log(w[0] / w[1]))];
        double variance = draws.Average(x => x * x);
        double fourth = draws.Average(x => x * x * x * x) / (variance * variance);
        // Standard errors: 0.01, 0.02 and 0.035.
        Assert.Equal(0, draws.Average(), 0.04);
        Assert.Equal(2, variance, 0.08);
        Assert.Equal(3, fourth, 0.15);
        double lagged = draws.Zip(draws.Skip(1), (a, b) => a * b).Average() / variance;
        Assert.Equal(0, lagged, 0.03);
    }

    [Fact]
    public void Who_takes_part_does_not_change_what_the_others_draw()
    {
        double[] all = new WeightingRun(new RandomLossWeighting(), 3).Weigh([1, 1, 1]);
        double[] two = new WeightingRun(new RandomLossWeighting(), 3).Weigh([double.NaN, 1, 1]);
        Assert.Equal(all[1] / all[2], two[1] / two[2], 1e-12);
    }
}
