using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Directions that TorchJD (Quinton, Rey 2024) publishes for J = [[-4, 1, 1], [6, 1, 1]]; the last two entries are equal.</summary>
public sealed class PublishedValueTests
{
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
        Vector<double> direction = AggregatorCases.All.Single(aggregator => aggregator.Name == name).Direction(Aggregate.Published);
        Near.Equal([first, others, others], direction.ToArray());
        var options = (GramAggregatorOptions)StrategyCatalog.Find(name).Defaults;
        Near.Equal([first, others, others], Aggregate.Direction(options.CreateAggregator(), Aggregate.Published));
    }

    [Fact]
    public void Weights_of_mgda_are_the_published_ones() =>
        Near.Equal([0.6, 0.4], Aggregate.Weights(new Mgda(MgdaNormalization.None), Aggregate.Published), 1e-12);
}
