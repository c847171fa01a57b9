using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using Xunit;

namespace MtlHybrid.Tests.Evaluation;

public sealed class DeltaMTests
{
    // Task a: RMSE 10 % better, R2 20 % better; task b: accuracy 5 % worse.
    private static readonly TaskComparison[] Tasks =
    [
        new("a", [new(MetricCatalog.Rmse, 0.9, 1.0), new(MetricCatalog.R2, 0.6, 0.5)]),
        new("b", [new(MetricCatalog.Accuracy, 0.76, 0.8)]),
    ];

    [Fact]
    public void Metrics_are_averaged_inside_their_task_first()
    {
        DeltaMResult result = DeltaM.Compute(Tasks);
        Assert.Equal(5, result.Percent, 1e-12); // ((10 + 20)/2 - 5)/2
        Assert.Equal(15, result.PerTask[0], 1e-12);
        Assert.Equal(-5, result.PerTask[1], 1e-12);
        Assert.Empty(result.LeftOut);
    }

    [Fact]
    public void The_other_convention_is_flat_and_lower_is_better()
    {
        DeltaMResult result = DeltaM.Compute(Tasks, DeltaMConvention.FlatLowerIsBetter);
        Assert.Equal(-25.0 / 3, result.Percent, 1e-12); // -(10 + 20 - 5)/3
        Assert.Equal(-15, result.PerTask[0], 1e-12);
        Assert.Equal(5, result.PerTask[1], 1e-12);
    }

    [Fact]
    public void Headline_metrics_of_scores_are_compared()
    {
        TaskDefinition task = TaskDefinition.Regression("y");
        TaskScores single = TaskEvaluator.Evaluate(task, [2, 0], [0, 2]), multi = TaskEvaluator.Evaluate(task, [1, 1], [0, 2]);
        Assert.Equal(50, DeltaM.Compute([multi], [single]).Percent, 1e-12);
        Assert.Equal(-50, DeltaM.Compute([multi], [single], DeltaMConvention.FlatLowerIsBetter).Percent, 1e-12);
        Assert.Equal(0, DeltaM.Compute([multi], [multi]).Percent);
    }

    [Fact]
    public void Tasks_that_differ_are_an_error()
    {
        TaskScores a = TaskEvaluator.Evaluate(TaskDefinition.Regression("a"), [1], [1.0]), b = TaskEvaluator.Evaluate(TaskDefinition.Regression("b"), [1], [1.0]);
        Assert.Contains("got a and b", Assert.Throws<ArgumentException>(() => DeltaM.Compute([a], [b])).Message);
        Assert.Throws<ArgumentException>(() => DeltaM.Compute([a, b], [a]));
    }

    [Theory]
    [InlineData(double.NaN, 1.0, "undefined for the multi-task model")]
    [InlineData(1.0, double.NaN, "undefined for the single-task model")]
    [InlineData(1.0, 0.0, "the single-task value is 0")]
    [InlineData(1.0, -0.5, "the single-task value is -0.5")]
    public void What_cannot_be_compared_is_left_out_and_named(double together, double alone, string reason)
    {
        var bad = new TaskComparison("c", [new(MetricCatalog.R2, together, alone)]);
        DeltaMResult result = DeltaM.Compute([.. Tasks, bad]);
        Assert.Equal(5, result.Percent, 1e-12);
        Assert.True(double.IsNaN(result.PerTask[2]));
        Assert.Contains($"c, r2: {reason}", Assert.Single(result.LeftOut));
        Assert.True(double.IsNaN(DeltaM.Compute([bad]).Percent));
        Assert.True(double.IsNaN(DeltaM.Compute([bad], DeltaMConvention.FlatLowerIsBetter).Percent));
    }
}
