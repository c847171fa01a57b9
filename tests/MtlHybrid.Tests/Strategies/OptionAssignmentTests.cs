using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

public class OptionAssignmentTests
{
    [Fact]
    public void Values_are_read_by_the_type_of_the_property()
    {
        SelectiveOptions options = OptionAssignment.Apply(new SelectiveOptions(),
        [
            "decay=0.25", "warmup-batches=7", "regroup-interval=3", "order=round-robin", "measure-last-group=on",
            "grouping=random", "fixed-groups=a,b; c", "preference=-1e-3", "reduction=MEAN",
        ]);

        Assert.Equal(0.25, options.Decay);
        Assert.Equal(7, options.WarmupBatches);
        Assert.Equal(3, options.RegroupInterval);
        Assert.Equal(GroupOrder.RoundRobin, options.Order);
        Assert.True(options.MeasureLastGroup);
        Assert.Equal("random", options.Grouping);
        Assert.Equal([["a", "b"], ["c"]], options.FixedGroups);
        Assert.Equal(-1e-3, options.Preference);
        Assert.Equal(GroupReduction.Mean, options.Reduction);
    }

    [Fact]
    public void What_is_not_named_stays_and_the_given_record_is_not_changed()
    {
        var given = new SelectiveOptions { Decay = 0.5, RegroupInterval = 9 };

        SelectiveOptions options = OptionAssignment.Apply(given, ["regroup-interval=none"]);

        Assert.Equal(new SelectiveOptions { Decay = 0.5 }, options);
        Assert.Equal(9, given.RegroupInterval);
        Assert.Equal(given, OptionAssignment.Apply(given, []));
    }

    [Fact]
    public void The_type_of_the_record_is_kept_when_only_its_base_is_known()
    {
        StrategyOptions options = OptionAssignment.Apply<StrategyOptions>(new JointOptions(), ["head-learning-rate-factor=2"]);

        Assert.Equal(new JointOptions { HeadLearningRateFactor = 2 }, options);
    }

    [Theory]
    [InlineData("decai=1", "an option of selective must be one of decay, affinity-limit", "got 'decai' (did you mean 'decay'?)")]
    [InlineData("Decai", "an option of selective must be one of decay,", "got 'Decai' (did you mean 'decay'?)")]
    [InlineData("name=joint", "an option of selective must be one of decay,", "got 'name'")]
    [InlineData("=1", "an option of selective must be one of decay,", "got '=1'")]
    [InlineData("", "an option of selective must be one of decay,", "got ''")]
    [InlineData("decay", "option 'decay' of selective must be given as decay=VALUE; got 'decay'")]
    [InlineData("decay=", "option 'decay' of selective must be a finite number; got ''")]
    [InlineData("decay=fast", "option 'decay' of selective must be a finite number; got 'fast'")]
    [InlineData("decay=NaN", "option 'decay' of selective must be a finite number; got 'NaN'")]
    [InlineData("decay=1e999", "option 'decay' of selective must be a finite number; got '1e999'")]
    [InlineData("decay=none", "option 'decay' of selective must be a finite number; got 'none'")]
    [InlineData("decay=0", "option 'decay' of selective must be in (0, 1]; got 0")]
    [InlineData("warmup-batches=1.5", "option 'warmup-batches' of selective must be a whole number; got '1.5'")]
    [InlineData("warmup-batches=99999999999", "must be a whole number; got '99999999999'")]
    [InlineData("regroup-interval=soon", "option 'regroup-interval' of selective must be a whole number, or none; got 'soon'")]
    [InlineData("order=rnadom", "option 'order' of selective must be one of random, fixed, round-robin; got 'rnadom' (did you mean 'random'?)")]
    [InlineData("order=1", "option 'order' of selective must be one of random, fixed, round-robin; got '1'")]
    [InlineData("measure-last-group=yes", "must be true or false; got 'yes'")]
    [InlineData("fixed-groups=a,,b", "option 'fixed-groups' of selective must be a list separated by semicolons, each a list separated by commas, each text, or none; got 'a,,b'")]
    public void What_cannot_be_is_refused_with_what_there_is(string assignment, params string[] texts)
    {
        string message = Assert.Throws<InvalidOptionException>(() => OptionAssignment.Apply(new SelectiveOptions(), [assignment])).Message;

        foreach (string text in texts) Assert.Contains(text, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_is_given_once() => Assert.Contains(
        "option 'decay' of selective must be given once; got it twice",
        Assert.Throws<InvalidOptionException>(() => OptionAssignment.Apply(new SelectiveOptions(), ["decay=0.1", "Decay=0.1"])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Every_option_is_listed_with_a_value_that_sets_it_again()
    {
        var options = new SelectiveOptions { Decay = 0.1, FixedGroups = [["a", "b"], ["c"]], Order = GroupOrder.RoundRobin };

        IReadOnlyList<AssignableOption> list = OptionAssignment.List(options);
        SelectiveOptions again = OptionAssignment.Apply(new SelectiveOptions(), list.Select(option => $"{option.Name}={option.Value}"));

        Assert.Equal("a,b;c", list.Single(option => option.Name == "fixed-groups").Value);
        Assert.Equal("none", list.Single(option => option.Name == "regroup-interval").Value);
        Assert.DoesNotContain(list, option => option.Name == "name");
        Assert.Equal(options.FixedGroups, again.FixedGroups);
        Assert.Equal(options, again with { FixedGroups = options.FixedGroups });
    }

    [Fact]
    public void Every_strategy_can_be_set_by_text()
    {
        foreach (StrategyDescription strategy in StrategyCatalog.All)
        {
            IReadOnlyList<AssignableOption> list = OptionAssignment.List(strategy.Defaults);

            Assert.Equal(
                strategy.Defaults,
                OptionAssignment.Apply(strategy.Defaults, list.Select(option => $"{option.Name}={option.Value}")));
        }
    }
}
