using CsCheck;
using MtlHybrid.Reporting;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class AxisScaleTests
{
    [Fact]
    public void Ticks_are_round_and_cover_the_values()
    {
        AxisScale scale = AxisScale.Linear([-0.7, 3.1, double.NaN], 4);

        Assert.Equal([-1, 0, 1, 2, 3, 4], scale.Ticks);
        Assert.Equal(0.2, scale.Position(0), 12);
    }

    [Fact]
    public void Every_value_has_a_place_on_the_axis() =>
        Gen.Double[-1e6, 1e6].Array[0, 20].Sample(values =>
        {
            AxisScale linear = AxisScale.Linear(values, 4);
            AxisScale losses = AxisScale.ForLosses(values.Select(Math.Abs), 4);
            return values.All(value => linear.Position(value) is >= 0 and <= 1 && losses.Position(Math.Abs(value)) is >= 0 and <= 1)
                && linear.Ticks.Count is >= 2 and <= 12;
        });

    [Fact]
    public void Losses_over_a_wide_range_are_logarithmic()
    {
        AxisScale scale = AxisScale.ForLosses([0.01, 0.1, 1], 4);

        Assert.Equal(0.5, scale.Position(0.1), 9);
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(0.0)]
    public void One_value_alone_lies_inside(double value) => Assert.InRange(AxisScale.Linear([value], 4).Position(value), 0.1, 0.9);
}
