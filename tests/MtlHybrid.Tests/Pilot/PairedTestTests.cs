using CsCheck;
using MtlHybrid.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class PairedTestTests
{
    [Fact]
    public void Without_correction_it_is_the_paired_t_test()
    {
        PairedComparison result = PairedTest.Compare("a", "b", [1, 2, 3, 4, 5], testToTrain: 0);

        // sqrt(2.5 / 5) is the standard error, 2.776445 the 97.5 % quantile of t with 4 degrees of freedom.
        Assert.Equal(3, result.Difference.Mean, 12);
        Assert.Equal(3 - 2.7764451 * Math.Sqrt(0.5), result.Lower, 6);
        Assert.Equal(3 + 2.7764451 * Math.Sqrt(0.5), result.Upper, 6);
        Assert.Equal(TwoSidedPWithFourDegrees(3 / Math.Sqrt(0.5)), result.PValue, 9);
        Assert.True(result.IsBetter);
    }

    [Fact]
    public void Overlapping_training_parts_widen_the_interval()
    {
        PairedComparison result = PairedTest.Compare("a", "b", [1, 2, 3, 4, 5], testToTrain: 1.0 / 3);

        double error = Math.Sqrt(2.5 * (1.0 / 5 + 1.0 / 3));
        Assert.Equal(3 - 2.7764451 * error, result.Lower, 6);
        Assert.Equal(TwoSidedPWithFourDegrees(3 / error), result.PValue, 9);
        Assert.False(result.IsBetter);
        Assert.False(result.IsWorse);
    }

    [Theory]
    [InlineData(new double[0], 0)]
    [InlineData(new[] { 1.5 }, 1)]
    public void Fewer_than_two_seeds_give_no_interval(double[] differences, int seeds)
    {
        PairedComparison result = PairedTest.Compare("a", "b", differences, 0.3);

        Assert.Equal(seeds, result.Difference.Count);
        Assert.True(double.IsNaN(result.Lower) && double.IsNaN(result.Upper) && double.IsNaN(result.PValue));
        Assert.False(result.IsBetter || result.IsWorse);
    }

    [Fact]
    public void Equal_contestants_are_not_told_apart()
    {
        PairedComparison result = PairedTest.Compare("a", "b", [0, 0, 0], 0.3);

        Assert.Equal(1, result.PValue);
        Assert.False(result.IsBetter || result.IsWorse);
    }

    [Fact]
    public void Swapping_the_contestants_mirrors_the_result() =>
        Gen.Double[-10, 10].Array[2, 12].Sample(differences =>
        {
            PairedComparison there = PairedTest.Compare("a", "b", differences, 0.3);
            PairedComparison back = PairedTest.Compare("b", "a", [.. differences.Select(d => -d)], 0.3);
            return Math.Abs(there.Lower + back.Upper) < 1e-9 && Math.Abs(there.PValue - back.PValue) < 1e-9
                && there.IsBetter == back.IsWorse && there.PValue is >= 0 and <= 1 && there.IsBetter == (there.Lower > 0);
        });

    /// <summary>The distribution function of t has a closed form for 4 degrees of freedom.</summary>
    private static double TwoSidedPWithFourDegrees(double t)
    {
        double x = t * t / (1 + t * t / 4);
        return 1 - 0.75 * Math.Sqrt(x) * (1 - x / 12);
    }
}
