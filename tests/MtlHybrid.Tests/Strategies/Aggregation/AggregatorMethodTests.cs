using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Data;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Aggregation;

public class AggregatorMethodTests
{
    public static TheoryData<string> Names => [.. AggregatorCatalog.All.Select(method => method.Name)];

    [Fact]
    public void Sum_and_mean_are_methods_with_weights()
    {
        AggregationResult sum = AggregatorCatalog.Find("sum").Run(Aggregate.Published, []);
        AggregationResult mean = AggregatorCatalog.Find("Mean").Run(Aggregate.Published, []);

        Assert.Equal([2, 2, 2], sum.Direction);
        Assert.Equal([1, 1], sum.Weights);
        Assert.Equal([1, 1, 1], mean.Direction);
        Assert.Equal([0.5, 0.5], mean.Weights);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_make_the_direction(string name)
    {
        Matrix<double> jacobian = SampledMatrix.Normal(4, 6, 11);

        AggregationResult result = AggregatorCatalog.Find(name).Run(jacobian, []);

        Assert.Equal(6, result.Direction.Count);
        // The weights of MoCo are those of averages: in the first batch beta times the gradients.
        double share = name == "moco" ? 0.5 : 1;
        if (result.Weights is { } weights)
            Near.Equal((Vector<double>.Build.Dense([.. weights]) * jacobian * share).ToArray(), result.Direction, 1e-9);
        else
            Assert.Contains(name, (string[])["graddrop", "trimmed-mean", "db-mtl"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Entries_whose_squares_overflow_are_a_data_error(string name)
    {
        if (name is "trimmed-mean" or "graddrop") return; // they square nothing
        Assert.Contains("squares overflow", Assert.Throws<DataException>(
            () => AggregatorCatalog.Find(name).Run(Aggregate.Published * 1e200, [])).Message);
    }

    [Fact]
    public void What_has_no_options_says_so() => Assert.Contains(
        "options of sum must be left out, since it has none; got 'c=1'",
        Assert.Throws<InvalidOptionException>(() => AggregatorCatalog.Find("sum").Run(Aggregate.Published, ["c=1"])).Message);

    [Fact]
    public void An_unknown_method_is_answered_with_the_known_ones() => Assert.Contains(
        "Method must be one of sum, mean", Assert.Throws<InvalidOptionException>(() => AggregatorCatalog.Find("median")).Message);
}
