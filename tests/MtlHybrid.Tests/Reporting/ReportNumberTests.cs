using MtlHybrid.Evaluation;
using MtlHybrid.Reporting;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class ReportNumberTests
{
    [Theory]
    [InlineData(12.3456, "12.35")]
    [InlineData(0.00123456, "0.001235")]
    [InlineData(-1234567, "-1,234,567")]
    [InlineData(0, "0")]
    [InlineData(1.23456e-9, "1.235e-9")]
    [InlineData(double.NaN, "n/a")]
    [InlineData(double.PositiveInfinity, "n/a")]
    public void Plain_numbers_show_four_significant_digits(double value, string text) => Assert.Equal(text, ReportNumber.Plain(value));

    [Theory]
    [InlineData(12.3456, 0.4123, "12.35 ± 0.41")]
    [InlineData(1234.56, 87.3, "1,235 ± 87")]
    [InlineData(0.81234, 0.0123, "0.812 ± 0.012")]
    [InlineData(2, 0, "2.000 ± 0")]
    [InlineData(12.3456, double.NaN, "12.35")]
    [InlineData(double.NaN, double.NaN, "n/a")]
    public void The_spread_sets_the_digits_of_the_mean(double mean, double spread, string text) =>
        Assert.Equal(text, ReportNumber.MeanAndSpread(new MeanAndSpread(mean, spread, 5, 0)));

    [Theory]
    [InlineData(0.84, "0.8 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.7, "1 min 0 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Times_are_for_people(double seconds, string text) => Assert.Equal(text, ReportNumber.Seconds(seconds));
}
