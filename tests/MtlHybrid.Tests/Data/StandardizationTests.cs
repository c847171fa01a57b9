using CsCheck;
using MtlHybrid.Data;
using Xunit;

namespace MtlHybrid.Tests.Data;

public sealed class StandardizationTests
{
    [Fact]
    public void Only_present_values_of_the_given_rows_count()
    {
        Standardization result = Standardization.Of([100, 1, double.NaN, 3, 100], [1, 2, 3]);

        Assert.Equal(new Standardization(2, 2, 1), result);
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(1e15)]
    [InlineData(-4e12)]
    public void A_small_spread_on_a_large_value_is_not_lost(double offset)
    {
        Standardization result = Standardization.Of([offset + 1, offset + 3, offset + 1, offset + 3], [0, 1, 2, 3]);

        Assert.Equal(offset + 2, result.Mean);
        Assert.Equal(1, result.Scale, 1e-9);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Huge_and_tiny_values_neither_overflow_nor_vanish(double unit)
    {
        Standardization result = Standardization.Of([1 * unit, 3 * unit], [0, 1]);

        Assert.Equal(2, result.Mean / unit, 1e-12);
        Assert.Equal(1, result.Scale / unit, 1e-12);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e17 / 3)]
    [InlineData(0)]
    public void Equal_values_have_a_spread_of_exactly_zero(double value)
    {
        double[] values = [.. Enumerable.Repeat(value, 1001)];

        Assert.Equal(new Standardization(1001, value, 0), Standardization.Of(values, [.. Enumerable.Range(0, 1001)]));
    }

    [Fact]
    public void Without_values_there_is_no_mean()
    {
        Standardization result = Standardization.Of([double.NaN], [0]);

        Assert.Equal((0, true, true), (result.Count, double.IsNaN(result.Mean), double.IsNaN(result.Scale)));
    }

    [Fact]
    public void Mean_and_spread_agree_with_exact_decimal_arithmetic()
    {
        Gen.Int[-1_000_000, 1_000_000].Array[2, 60].Sample(integers =>
        {
            double[] values = [.. integers.Select(i => i / 64.0)];
            decimal mean = integers.Average(i => i / 64m);
            decimal variance = integers.Average(i => (i / 64m - mean) * (i / 64m - mean));

            Standardization result = Standardization.Of(values, [.. Enumerable.Range(0, values.Length)]);

            Assert.Equal((double)mean, result.Mean, 1e-9);
            Assert.Equal(Math.Sqrt((double)variance), result.Scale, 1e-9);
        }, iter: 300);
    }
}
