using System.Reflection;
using System.Text.Json;
using MtlHybrid.Interchange;
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
            [strategy.Title, strategy.Summary, strategy.Source, strategy.Rule, strategy.Cost, strategy.Heads],
            text => Assert.True(text.Trim() is { Length: > 0 } trimmed && trimmed == text && !text.EndsWith('.') && !text.Contains('\n'), $"'{text}'"));
        Assert.True(Enum.IsDefined(strategy.Needs));
        Assert.Equal(strategy.Name, strategy.Defaults.Name);
        Assert.Equal(strategy, strategy.Defaults.Describe());
        strategy.Defaults.Validate();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_has_a_line_for_people(string name)
    {
        Type options = StrategyCatalog.Find(name).Defaults.GetType();

        Assert.All(options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite), property =>
        {
            string text = property.GetCustomAttribute<OptionTextAttribute>()?.Text ?? "";
            Assert.True(
                text.Trim() is { Length: > 0 and <= 140 } trimmed && trimmed == text && !text.EndsWith('.') && !text.Contains('\n'),
                $"{options.Name}.{property.Name} needs [OptionText(\"one line with its range, no full stop\")]; it has '{text}'");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_can_be_set_by_text(string name)
    {
        StrategyOptions options = StrategyCatalog.Find(name).Defaults;

        Assert.Equal(
            options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Count(property => property.CanWrite),
            OptionAssignment.List(options).Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_survive_as_json(string name)
    {
        StrategyOptions options = StrategyCatalog.Find(name).Defaults with { HeadLearningRateFactor = 0.5 };

        Assert.Equal(options, JsonSerializer.Deserialize<StrategyOptions>(JsonSerializer.Serialize(options)));
        string text = JsonSerializer.Serialize(options, options.GetType(), JsonFormat.Options);
        Assert.Equal(options, JsonSerializer.Deserialize(text, options.GetType(), JsonFormat.Options));
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
    public void Own_options_come_before_common_ones_and_words_are_listed()
    {
        AssignableOption[] options = [.. OptionAssignment.List(new SelectiveOptions())];

        Assert.Equal("head-learning-rate-factor", Assert.Single(options, option => !option.IsOwn).Name);
        Assert.Equal("head-learning-rate-factor", options[^1].Name);
        Assert.Equal(["fixed", "random", "round-robin"], options.Single(option => option.Name == "order").Choices.Order());
    }
}
