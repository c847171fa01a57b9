using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class ScheduleOptionsTests
{
    [Theory]
    [InlineData(ScheduleKind.Constant, 0.7, 1)]
    [InlineData(ScheduleKind.Polynomial, 0, 1)]
    [InlineData(ScheduleKind.Polynomial, 0.75, 0.2 + 0.8 * 0.28717458874925877)] // 0.25^0.9
    [InlineData(ScheduleKind.Polynomial, 1, 0.2)]
    [InlineData(ScheduleKind.Cosine, 0, 1)]
    [InlineData(ScheduleKind.Cosine, 0.5, 0.6)]
    [InlineData(ScheduleKind.Cosine, 1, 0.2)]
    [InlineData(ScheduleKind.Cosine, 7, 0.2)]
    public void Shapes_have_their_textbook_values(ScheduleKind kind, double done, double expected) =>
        Assert.Equal(expected, new ScheduleOptions { Kind = kind, FinalFactor = 0.2 }.Factor(1000, 3, done), 12);

    [Fact]
    public void The_step_schedule_drops_every_so_many_epochs()
    {
        var schedule = new ScheduleOptions { Kind = ScheduleKind.Step, StepEpochs = 10, StepFactor = 0.5 };
        Assert.Equal([1, 1, 0.5, 0.25], new[] { 0, 9, 10, 25 }.Select(epoch => schedule.Factor(0, epoch, 0)));
    }

    [Fact]
    public void Warm_up_grows_linearly_and_reaches_the_full_rate()
    {
        var schedule = new ScheduleOptions { WarmupBatches = 4 };
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(batch => schedule.Factor(batch, 0, 0)));
    }

    [Fact]
    public void Values_out_of_range_are_named()
    {
        Assert.Contains("Power", Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { Power = double.NaN }.Validate()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { FinalFactor = -0.1 }.Validate());
        Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { StepEpochs = 0 }.Validate());
        Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { StepFactor = 0 }.Validate());
        Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { WarmupBatches = -1 }.Validate());
        Assert.Throws<InvalidOptionException>(() => new ScheduleOptions { Kind = (ScheduleKind)9 }.Validate());
    }
}
