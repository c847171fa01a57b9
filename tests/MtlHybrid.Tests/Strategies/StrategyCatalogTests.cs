using System.Reflection;
using System.Text.Json;
using MtlHybrid.Strategies;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>What the list of strategies promises about each of its entries.</summary>
public sealed class StrategyCatalogTests
{
    public static TheoryData<string> Names => [.. StrategyCatalog.All.Select(entry => entry.Name)];

    [Fact]
    public void Names_and_titles_are_all_different()
    {
        Assert.Distinct(StrategyCatalog.All.Select(entry => entry.Name));
        Assert.Distinct(StrategyCatalog.All.Select(entry => entry.Title));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_strategy_says_what_it_does(string name)
    {
        StrategyDescription strategy = StrategyCatalog.Find(name);

        Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", strategy.Name);
        Assert.All(
            [strategy.Title, strategy.Summary, strategy.Rule, strategy.Cost, strategy.Heads],
            text => Assert.True(text.Trim() is { Length: > 0 } trimmed && trimmed == text && !text.EndsWith('.') && !text.Contains('\n'), $"'{text}'"));
        Assert.True(Enum.IsDefined(strategy.Needs));
        Assert.Equal(strategy.Name, strategy.Defaults.Name);
        strategy.Defaults.Validate();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_has_a_line_for_people(string name)
    {
        Assert.All(StrategyOption.Of(StrategyCatalog.Find(name).Defaults), option => Assert.True(
            option.Text.Trim() is { Length: > 0 and <= 140 } text && text == option.Text && !text.EndsWith('.') && !text.Contains('\n'),
            $"the property {option.Property} of the options of {name} needs [OptionText(\"one line, with its range, without a full stop\")]; it has '{option.Text}'"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_survive_as_json(string name)
    {
        StrategyOptions options = StrategyCatalog.Find(name).Defaults;

        Assert.Equal(options, JsonSerializer.Deserialize<StrategyOptions>(JsonSerializer.Serialize(options)));
    }

    [Fact]
    public void Every_options_record_is_in_the_list()
    {
        Type[] records = [.. typeof(StrategyOptions).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(StrategyOptions)))];

        Assert.Equal(records.Select(type => type.Name).Order(), StrategyCatalog.All.Select(entry => entry.Defaults.GetType().Name).Order());
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var refusal = Assert.Throws<InvalidOptionException>(() => StrategyCatalog.Find("pcgard"));

        Assert.All(StrategyCatalog.All, entry => Assert.Contains(entry.Name, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Own_options_come_before_common_ones_and_the_name_is_no_option()
    {
        StrategyOption[] options = [.. StrategyOption.Of(new SelectiveOptions())];

        Assert.DoesNotContain(options, option => option.Property == nameof(StrategyOptions.Name));
        Assert.Equal(
            typeof(SelectiveOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Count(property => property.CanWrite), options.Length);
    }

    [Fact]
    public void Values_are_shown_as_the_command_line_takes_them()
    {
        var options = new SelectiveOptions { Decay = 0.25, Order = GroupOrder.RoundRobin, OfficialCode = true, FixedGroups = [["a", "b"], ["c"]] };
        var shown = StrategyOption.Of(options).ToDictionary(option => option.Name, option => option.Show(options));

        Assert.Equal("0.25", shown["decay"]);
        Assert.Equal("round-robin", shown["order"]);
        Assert.Equal("true", shown["official-code"]);
        Assert.Equal("a,b;c", shown["fixed-groups"]);
        Assert.Null(shown["random-groups"]);
        Assert.Equal(["fixed", "random", "round-robin"], StrategyOption.Of(options).First(option => option.Name == "order").Choices.Order());
    }
}
