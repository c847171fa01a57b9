using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

public sealed class GradientEstimateTests
{
    [Theory]
    [InlineData("exact", GradientEstimateKind.Exact, 0.5, 10)]
    [InlineData("representation", GradientEstimateKind.Representation, 0.5, 10)]
    [InlineData("subsample:0.125", GradientEstimateKind.Subsample, 0.125, 10)]
    [InlineData("subsample:1", GradientEstimateKind.Subsample, 1, 10)]
    [InlineData("every:25", GradientEstimateKind.Interval, 0.5, 25)]
    public void Words_and_values_belong_together(string words, GradientEstimateKind kind, double share, int interval)
    {
        GradientEstimate estimate = GradientEstimate.Parse(words);

        Assert.Equal(new GradientEstimate { Kind = kind, Share = share, Interval = interval }, estimate);
        Assert.Equal(words, estimate.ToString());
    }

    [Theory]
    [InlineData("Subsample", "subsample:0.5")]
    [InlineData(" every ", "every:10")]
    public void Without_a_number_the_default_holds(string words, string full) => Assert.Equal(full, GradientEstimate.Parse(words).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("exactly")]
    [InlineData("exact:1")]
    [InlineData("representation:0.5")]
    [InlineData("subsample:0")]
    [InlineData("subsample:1.5")]
    [InlineData("subsample:NaN")]
    [InlineData("subsample:half")]
    [InlineData("every:0")]
    [InlineData("every:1.5")]
    [InlineData("every:")]
    public void Anything_else_is_refused_with_what_there_is(string words)
    {
        var refusal = Assert.Throws<InvalidOptionException>(() => GradientEstimate.Parse(words));

        Assert.Equal("Gradients", refusal.Option);
        Assert.Contains("subsample:F", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"got {words}", refusal.Message, StringComparison.Ordinal);
    }
}
