using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Directions that TorchJD (Quinton, Rey 2024) publishes for J = [[-4, 1, 1], [6, 1, 1]]; the last two entries are equal.</summary>
public sealed class PublishedValueTests
{
    private static readonly Matrix<double> Jacobian = Matrix<double>.Build.DenseOfArray(new double[,] { { -4, 1, 1 }, { 6, 1, 1 } });

    [Theory]
    [InlineData("upgrad", 0.2929, 1.9004)]
    [InlineData("dualproj", 0.5563, 1.1109)]
    [InlineData("mgda", 0, 1)]
    [InlineData("cagrad", 0.1835, 1.2041)]
    [InlineData("nash-mtl", 0.0542, 0.7061)]
    [InlineData("imtl-g", 0.0767, 1)]
    [InlineData("aligned-mtl", 0.2133, 0.9673)]
    [InlineData("config", 0.1588, 2.0706)]
    [InlineData("fairgrad", 0.0766, 0.9985)]
    public void Directions_are_the_published_ones(string name, double first, double others)
    {
        Vector<double> direction = AggregatorCases.All.Single(aggregator => aggregator.Name == name).Direction(Jacobian);
        Vector<double> expected = Vector<double>.Build.DenseOfArray([first, others, others]);
        Assert.True((direction - expected).InfinityNorm() <= 1e-4, direction.ToVectorString());
    }

    [Fact]
    public void Weights_of_mgda_are_the_published_ones()
    {
        double[] weights = new double[2];
        new Mgda(MgdaNormalization.None).Weigh(Jacobian * Jacobian.Transpose(), new AggregationInputs([0, 1], 2, []), weights);
        Assert.Equal(0.6, weights[0], 1e-12);
        Assert.Equal(0.4, weights[1], 1e-12);
    }
}
