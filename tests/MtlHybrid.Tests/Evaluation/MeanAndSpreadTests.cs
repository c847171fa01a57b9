using CsCheck;
using MtlHybrid.Evaluation;
using Xunit;

namespace MtlHybrid.Tests.Evaluation;

public sealed class MeanAndSpreadTests
{
    [Fact]
    public void The_deviation_divides_by_one_less_than_the_count()
    {
        MeanAndSpread spread = MeanAndSpread.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, spread.Mean);
        Assert.Equal(Math.Sqrt(32.0 / 7), spread.StandardDeviation, 1e-15);
        Assert.Equal(Math.Sqrt(32.0 / 7 / 8), spread.StandardError, 1e-15);
        Assert.Equal("5 ± 2.138", spread.ToString());
        Assert.Equal("5.00 ± 2.14", spread.ToString("F2"));
    }

    [Fact]
    public void Undefined_values_are_counted_and_left_out()
    {
        MeanAndSpread spread = MeanAndSpread.Of([1, double.NaN, 3]);
        Assert.Equal((2.0, 2, 1), (spread.Mean, spread.Count, spread.Undefined));
        Assert.Equal(Math.Sqrt(2), spread.StandardDeviation, 1e-15);
    }

    [Fact]
    public void One_value_has_no_spread_and_none_has_no_mean()
    {
        MeanAndSpread one = MeanAndSpread.Of([0.25]);
        Assert.True(double.IsNaN(one.StandardDeviation));
        Assert.Equal("0.25", one.ToString());
        MeanAndSpread none = MeanAndSpread.Of([double.NaN]);
        Assert.True(double.IsNaN(none.Mean));
        Assert.Equal((0, 1), (none.Count, none.Undefined));
        Assert.Equal("undefined", none.ToString());
    }

    [Fact]
    public void Shift_moves_the_mean_and_scale_multiplies_the_spread() =>
        Gen.Select(Gen.Double[-10, 10].Array[2, 10], Gen.Double[-5, 5], Gen.Double[0.1, 9]).Sample((values, shift, scale) =>
        {
            MeanAndSpread before = MeanAndSpread.Of(values), after = MeanAndSpread.Of(values.Select(value => value * scale + shift));
            return Math.Abs(after.Mean - (before.Mean * scale + shift)) <= 1e-12 * 100
                && Math.Abs(after.StandardDeviation - before.StandardDeviation * scale) <= 1e-12 * 100;
        });
}
