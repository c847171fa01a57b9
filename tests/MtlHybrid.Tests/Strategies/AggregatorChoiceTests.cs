using System.Text.Json;
using MtlHybrid.Interchange;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

public sealed class AggregatorChoiceTests
{
    public static TheoryData<string> Names => [.. AggregatorChoice.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_aggregator_is_known_by_its_name(string name)
    {
        Assert.Equal(StrategyCatalog.Find(name).Defaults, AggregatorChoice.Parse(name));
        Assert.Equal(name, AggregatorChoice.Show(AggregatorChoice.Parse(name)));
    }

    [Fact]
    public void Options_follow_the_name_and_only_those_that_differ_are_shown()
    {
        AggregatorOptions options = AggregatorChoice.Parse(" GradVac  gradients=every:4 beta=0.25 ");

        Assert.Equal(new GradVacOptions { Beta = 0.25, Gradients = GradientEstimate.Parse("every:4") }, options);
        Assert.Equal("gradvac beta=0.25 gradients=every:4", AggregatorChoice.Show(options));
        Assert.Equal(options, AggregatorChoice.Parse(AggregatorChoice.Show(options)));
    }

    [Theory]
    [InlineData("pcgard", "did you mean 'pcgrad'?")]
    [InlineData("joint", "Aggregator must be one of ")]
    [InlineData("", "Aggregator must be one of ")]
    [InlineData("gradvac alpha=1", "beta")]
    [InlineData("gradvac beta=2", "option 'beta' of gradvac must be in [0, 1]; got 2")]
    public void What_cannot_be_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidOptionException>(() => AggregatorChoice.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inside_other_options_it_survives_as_json(bool libraryFormat)
    {
        JsonSerializerOptions? format = libraryFormat ? JsonFormat.Options : null;
        StrategyOptions options = new SelectiveOptions { Decay = 0.5, Aggregator = new GradVacOptions { Beta = 0.25 } };
        string json = JsonSerializer.Serialize(options, format);

        Assert.Contains("gradvac", json, StringComparison.Ordinal);
        Assert.Equal(options, JsonSerializer.Deserialize<StrategyOptions>(json, format));
    }

    [Fact]
    public void In_json_the_text_will_do()
    {
        var options = JsonSerializer.Deserialize<StrategyOptions>("""{"name": "selective", "aggregator": "gradvac beta=0.25"}""", JsonFormat.Options);

        Assert.Equal(new SelectiveOptions { Aggregator = new GradVacOptions { Beta = 0.25 } }, options);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<StrategyOptions>("""{"name": "selective", "aggregator": {"name": "joint"}}""", JsonFormat.Options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<StrategyOptions>("""{"name": "selective", "aggregator": "joint"}""", JsonFormat.Options));
    }

    [Fact]
    public void As_an_option_it_is_set_by_text_and_shown_as_text()
    {
        SelectiveOptions options = OptionAssignment.Apply(new SelectiveOptions(), ["aggregator=gradvac beta=0.25", "decay=0.5"]);

        Assert.Equal(new SelectiveOptions { Decay = 0.5, Aggregator = new GradVacOptions { Beta = 0.25 } }, options);
        Assert.Equal("gradvac beta=0.25", OptionAssignment.List(options).Single(option => option.Name == "aggregator").Value);
        Assert.Equal(new SelectiveOptions { Decay = 0.5 }, OptionAssignment.Apply(options, ["aggregator=none"]));
        Assert.Equal(options, OptionAssignment.Apply(options, []));
    }
}
