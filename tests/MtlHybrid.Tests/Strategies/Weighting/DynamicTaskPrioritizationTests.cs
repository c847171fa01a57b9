using MtlHybrid.Modeling;
using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

public sealed class DynamicTaskPrioritizationTests
{
    [Theory]
    [InlineData(LossKind.MeanSquare, 0.3, 0.7)]
    [InlineData(LossKind.MeanSquare, 1.4, 0)]
    [InlineData(LossKind.MeanAbsolute, 0.3, 0.7)]
    [InlineData(LossKind.Huber, 0.15, 0.7)]
    [InlineData(LossKind.BinaryCrossEntropy, 0.6931471805599453, 0.5)]
    [InlineData(LossKind.SoftmaxCrossEntropy, 2.302585092994046, 0.1)]
    [InlineData(LossKind.SoftmaxCrossEntropy, -1, 1)]
    public void The_indicator_is_explained_variance_or_the_probability_of_the_label(LossKind kind, double loss, double expected) =>
        Assert.Equal(expected, DynamicTaskPrioritization.Indicator(kind, loss), 1e-12);

    [Fact]
    public void Weights_are_the_focal_term_of_the_averaged_indicator()
    {
        var use = new WeightingRun(new DynamicTaskPrioritization(0.75, 2), 2);
        // Indicators 0.8 and 0.2, then 0.4 and 0.2: kappa 0.8, then 0.7.
        WeightingRun.AssertClose([-0.04 * Math.Log(0.8), -0.64 * Math.Log(0.2)], use.Weigh([0.2, 0.8]), 1e-12);
        WeightingRun.AssertClose([-0.09 * Math.Log(0.7), -0.64 * Math.Log(0.2)], use.Weigh([0.6, 0.8]), 1e-12);
    }

    [Fact]
    public void The_average_is_clipped_to_what_leaves_a_weight()
    {
        var use = new WeightingRun(new DynamicTaskPrioritization(0.9, 1), 2);
        WeightingRun.AssertClose([-0.01 * Math.Log(0.99), -0.9 * Math.Log(0.1)], use.Weigh([0, 1e30]), 1e-12);
    }

    [Fact]
    public void A_task_that_takes_no_part_keeps_its_average()
    {
        var use = new WeightingRun(new DynamicTaskPrioritization(0.5, 1), 1);
        use.Weigh([0.2]);
        Assert.Equal([0.0], use.Weigh([double.NaN]));
        // kappa = (0.8 + 0.4) / 2.
        WeightingRun.AssertClose([-0.4 * Math.Log(0.6)], use.Weigh([0.6]), 1e-12);
    }
}
