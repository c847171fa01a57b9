using System.CommandLine;
using System.Text.Json.Nodes;
using MtlHybrid.Cli.Settings;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;

namespace MtlHybrid.Cli.Tests;

/// <summary>Options of strategies, by --option and by the flags that several strategies know.</summary>
public class StrategyOptionTests
{
    public static TheoryData<string> Names => [.. StrategyCatalog.All.Select(entry => entry.Name)];

    [Fact]
    public void An_option_of_the_strategy_is_set_by_its_name()
    {
        RunOptions options = Train("{}", "--option", "decay=0.5", "--option", "selective:order=fixed").Options;

        Assert.Equal(new SelectiveOptions { Decay = 0.5, Order = GroupOrder.Fixed }, options.Training.Strategy);
    }

    [Theory]
    [InlineData("""{"option": {"decay": 0.5, "official-code": true, "regroup-interval": null, "fixed-groups": [["y"], ["z", "x"]]}}""")]
    [InlineData("""{"option": {"selective": {"decay": 0.5, "official-code": true, "regroup-interval": null, "fixed-groups": [["y"], ["z", "x"]]}}}""")]
    public void A_config_file_has_them_plain_or_by_strategy(string config)
    {
        var strategy = Assert.IsType<SelectiveOptions>(Train(config).Options.Training.Strategy);

        Assert.Equal(0.5, strategy.Decay);
        Assert.True(strategy.OfficialCode);
        Assert.Null(strategy.RegroupInterval);
        Assert.Equal([["y"], ["z", "x"]], strategy.FixedGroups!);
    }

    [Fact]
    public void A_flag_changes_one_option_of_those_in_the_file()
    {
        RunOptions options = Train("""{"option": {"decay": 0.5, "order": "fixed"}}""", "--option", "decay=0.25").Options;

        Assert.Equal(new SelectiveOptions { Decay = 0.25, Order = GroupOrder.Fixed }, options.Training.Strategy);
    }

    [Fact]
    public void Options_of_a_strategy_that_does_not_run_are_noted_and_the_others_hold()
    {
        var notes = new List<string>();

        RunOptions options = Train("{}", notes, "--option", "joint:reduction=mean", "--option", "decay=0.5").Options;

        Assert.Equal(new SelectiveOptions { Decay = 0.5 }, options.Training.Strategy);
        Assert.Equal("--option: joint:reduction=mean is not used: the strategy of this run is selective", Assert.Single(notes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_strategy_has_the_learning_rate_of_its_heads_by_flag(string name)
    {
        StrategyOptions strategy = Train("{}", "--strategy", name, "--head-lr-factor", "2").Options.Training.Strategy;

        Assert.Equal(StrategyCatalog.Find(name).Defaults with { HeadLearningRateFactor = 2 }, strategy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_estimate_of_gradients_reaches_every_strategy_that_weighs_them_and_is_noted_elsewhere(string name)
    {
        var notes = new List<string>();

        StrategyOptions strategy = Train("{}", notes, "--strategy", name, "--gradients", "subsample:0.25").Options.Training.Strategy;

        if (strategy is AggregatorOptions aggregator and not MatrixAggregatorOptions)
        {
            Assert.Equal("subsample:0.25", aggregator.Gradients.ToString());
            Assert.Empty(notes);
        }
        else
        {
            Assert.Equal($"--gradients is not used: it belongs to strategies that weigh task gradients, not to {name}", Assert.Single(notes));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_config_of_a_run_has_all_options_and_repeats_it(string name)
    {
        RunSettings first = Train("{}", "--strategy", name, "--head-lr-factor", "3");
        JsonObject config = first.EffectiveConfig();

        RunSettings second = Train(config.ToJsonString());

        Assert.Equal(config.ToJsonString(), second.EffectiveConfig().ToJsonString());
        Assert.Equal(first.Options.Training.Strategy, second.Options.Training.Strategy);
        int keys = (config["option"]?[name] as JsonObject)?.Count ?? 0;
        int flags = OptionAssignment.List(first.Options.Training.Strategy).Count(option => option.Name is "head-learning-rate-factor" or "gradients");
        int unset = OptionAssignment.List(first.Options.Training.Strategy).Count(option => option.Json is null);
        if (name is not ("joint" or "selective")) Assert.Equal(OptionAssignment.List(first.Options.Training.Strategy).Count, keys + flags + unset);
    }

    [Fact]
    public void In_a_pilot_an_option_goes_to_the_strategy_that_has_it_or_is_named()
    {
        RunOptions options = Pilot("{}", "--strategies", "selective,joint", "--option", "decay=0.5", "--option", "joint:reduction=mean").Options;

        Assert.Equal(
            [new SelectiveOptions { Decay = 0.5 }, new JointOptions { Reduction = GroupReduction.Mean }], options.ToPilotOptions().StrategyOptions);
        Assert.Equal(["selective", "joint"], options.ToPilotOptions().Strategies);
    }

    [Fact]
    public void In_a_pilot_a_common_option_and_a_flag_go_to_all_that_have_it()
    {
        RunOptions options = Pilot("{}", "--strategies", "joint,selective", "--option", "head-learning-rate-factor=2", "--group-loss", "mean").Options;

        Assert.Equal(
            [
                new JointOptions { HeadLearningRateFactor = 2, Reduction = GroupReduction.Mean },
                new SelectiveOptions { HeadLearningRateFactor = 2, Reduction = GroupReduction.Mean },
            ],
            options.Strategies);
    }

    [Fact]
    public void The_config_of_a_pilot_keeps_what_differs_between_its_strategies()
    {
        RunSettings first = Pilot("{}", "--strategies", "joint,selective", "--option", "joint:head-learning-rate-factor=2", "--decay", "0.5");

        RunSettings second = Pilot(first.EffectiveConfig().ToJsonString());

        Assert.Equal([new JointOptions { HeadLearningRateFactor = 2 }, new SelectiveOptions { Decay = 0.5 }], second.Options.Strategies);
        Assert.Equal(first.EffectiveConfig().ToJsonString(), second.EffectiveConfig().ToJsonString());
    }

    private static RunSettings Train(string config, params string[] flags) => Merge("train", config, [], flags);

    private static RunSettings Train(string config, List<string> notes, params string[] flags) => Merge("train", config, notes, flags);

    private static RunSettings Pilot(string config, params string[] flags) => Merge("pilot", config, [], flags);

    private static RunSettings Merge(string verb, string config, List<string> notes, string[] flags)
    {
        Setting[] settings = [.. SettingCatalog.Create().Where(setting => setting.Verb is null || setting.Verb == verb)];
        var command = new RootCommand();
        foreach (Setting setting in settings) command.Add(setting.Option);
        using var folder = new TemporaryFolder();
        ParseResult parse = command.Parse(config.Contains("\"targets\"", StringComparison.Ordinal) ? flags : ["--data", "t.csv", "--targets", "y,z", .. flags]);
        Assert.Empty(parse.Errors);
        return RunSettings.Merge(settings, new RunOptions(), parse, folder.Write("config.json", config), notes.Add);
    }
}
