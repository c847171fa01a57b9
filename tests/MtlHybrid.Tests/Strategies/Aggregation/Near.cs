using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

internal static class Near
{
    /// <summary>Fails unless every value is within the tolerance; NaN fails.</summary>
    public static void Equal(double[] expected, IReadOnlyList<double> actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{string.Join(", ", actual)}] is not [{string.Join(", ", expected)}]");
    }
}
