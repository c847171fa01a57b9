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
    public void Entries_whose_squares_overflow_give_a_finite_direction_or_a_data_error(string name)
    {
        AggregatorMethod method = AggregatorCatalog.Find(name);
        if (name is "graddrop" or "trimmed-mean" or "db-mtl" or "excess-mtl")
            Assert.All(method.Run(Aggregate.Published * 1e200, []).Direction, value => Assert.True(double.IsFinite(value)));
        else
            Assert.Contains("squares overflow", Assert.Throws<DataException>(() => method.Run(Aggregate.Published * 1e200, [])).Message);
    }

    [Theory]
    [InlineData("pcgrad", 0.5848, 3.8012)]
    [InlineData("gradvac", 0.5848, 3.8012)]
    [InlineData("excess-mtl", 2, 2)]
    [InlineData("trimmed-mean", 1, 1)]
    public void Defaults_give_the_published_directions(string name, double first, double others) =>
        Near.Equal([first, others, others], AggregatorCatalog.Find(name).Run(Aggregate.Published, []).Direction);

    [Fact]
    public void Options_are_those_of_the_method_itself()
    {
        AggregatorMethod krum = AggregatorCatalog.Find("krum");

        Assert.Equal(["byzantine", "selected"], krum.Options.Select(option => option.Name));
        Assert.All(AggregatorCatalog.All.SelectMany(method => method.Options), option => Assert.NotEqual("", option.Text));
        Matrix<double> rows = Aggregate.Rows([1, 1, 1], [1, 0, 1], [75, -666, 23], [1, 2, 3], [2, 0, 1]);
        Near.Equal([1.25, 0.75, 1.5], krum.Run(rows, ["selected=4"]).Direction, 1e-12);
        Assert.Contains(
            "an option of krum must be one of byzantine, selected; got 'head-scaling'",
            Assert.Throws<InvalidOptionException>(() => krum.Check(["head-scaling=weighted"])).Message);
        Assert.Contains(
            "option 'selected' of krum must be at least 1; got 0",
            Assert.Throws<InvalidOptionException>(() => krum.Check(["selected=0"])).Message);
    }

    [Fact]
    public void The_seed_decides_what_is_drawn()
    {
        AggregatorMethod vote = AggregatorCatalog.Find("graddrop");
        double[] first = [.. Enumerable.Range(0, 20).Select(seed => vote.Run(Aggregate.Published, [], (ulong)seed).Direction[0])];

        Assert.Equal(first, Enumerable.Range(0, 20).Select(seed => vote.Run(Aggregate.Published, [], (ulong)seed).Direction[0]));
        Assert.Contains(6, first);
        Assert.Contains(-4, first);
    }

    [Fact]
    public void What_has_no_options_says_so() => Assert.Contains(
        "options of sum must be left out, since it has none; got 'c=1'",
        Assert.Throws<InvalidOptionException>(() => AggregatorCatalog.Find("sum").Run(Aggregate.Published, ["c=1"])).Message);

    [Fact]
    public void An_unknown_method_is_answered_with_the_known_ones() => Assert.Contains(
        "Method must be one of sum, mean", Assert.Throws<InvalidOptionException>(() => AggregatorCatalog.Find("median")).Message);
}
