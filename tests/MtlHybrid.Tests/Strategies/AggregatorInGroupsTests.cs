using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Tests.Reference;
using MtlHybrid.Tests.Training;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>Selective updates whose groups step on a combination of their task gradients.</summary>
public sealed class AggregatorInGroupsTests
{
    private const int Batches = 60;
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Names => [.. AggregatorChoice.Names];

    // Krum that selects every gradient is their mean, whatever they are; with heads weighted alike, the mean of the group's losses.
    [Theory]
    [InlineData("a,b;c,d", false)]
    [InlineData("a,c;b,d", true)]
    [InlineData("a;b,c,d", false)]
    [InlineData("a,b;b,c,d", false)]
    [InlineData("a;b;c;d", true)]
    [InlineData("a,b,c,d", true)]
    public void An_aggregator_that_is_the_mean_gives_what_the_mean_of_the_losses_gives(string groups, bool missing)
    {
        var plain = new SelectiveOptions
        {
            Grouping = "fixed",
            FixedGroups = [.. groups.Split(';').Select(group => group.Split(','))],
            Reduction = GroupReduction.Mean,
            MeasureLastGroup = true,
            Decay = 0.01,
        };
        var aggregated = plain with
        {
            Reduction = GroupReduction.Sum,
            Aggregator = new KrumOptions { Byzantine = 0, Selected = 4, HeadScaling = HeadScaling.Weighted },
        };
        aggregated.Validate();
        (double[] expected, double[] expectedAffinity, double[] expectedLosses) = Run(plain, missing);
        (double[] actual, double[] affinity, double[] losses) = Run(aggregated, missing);
        Near(expected, actual, "parameters");
        Near(expectedAffinity, affinity, "affinity");
        Near(expectedLosses, losses, "losses");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_aggregator_trains_in_groups_with_missing_labels_and_repeats_itself(string name)
    {
        TrainingOptions plain = SmallData.Options() with { Strategy = new SelectiveOptions { Grouping = "fixed", FixedGroups = [["r", "b", "m"], ["r", "b"], ["m"]] } };
        TrainingOptions options = plain with { Strategy = (SelectiveOptions)plain.Strategy with { Aggregator = AggregatorChoice.Parse(name) } };
        var data = SmallData.Create(missing: 0.3);
        using TrainingResult first = new Trainer(options).Train(data);
        using TrainingResult second = new Trainer(options).Train(data);
        using TrainingResult other = new Trainer(plain).Train(data);
        float[] weights = SmallData.Weights(first);
        Assert.Equal(weights, SmallData.Weights(second));
        Assert.NotEqual(weights, SmallData.Weights(other));
        Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));
        Assert.NotNull(first.History.Affinity);
    }

    [Fact]
    public void Groups_that_follow_the_affinity_keep_the_state_of_the_aggregator()
    {
        TrainingOptions options = SmallData.Options() with
        {
            Epochs = 30,
            Strategy = new SelectiveOptions { WarmupBatches = 5, RegroupInterval = 1, Decay = 0.2, Grouping = "hierarchical", Aggregator = new GradVacOptions() },
        };
        using TrainingResult result = new Trainer(options).Train(SmallData.Create(400));
        Assert.True(result.History.Groups.Count > 2, "groups never changed");
        Assert.True(result.Test[1].Metrics[MtlHybrid.Evaluation.MetricCatalog.RocAuc.Name] > 0.95);
    }

    [Fact]
    public void Weights_are_those_of_the_steps_and_1_in_groups_of_one()
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 3);
        IStrategy strategy = new SelectiveOptions
        {
            Grouping = "fixed",
            FixedGroups = [["a", "b", "c"], ["d"]],
            Aggregator = new KrumOptions { Byzantine = 0, Selected = 3 },
        }.Create();
        strategy.Prepare(problem.Network, new StrategyContext(["a", "b", "c", "d"], 7, NullLogger.Instance));
        problem.Network.BeginBatch(problem.Data, problem.NextBatch(), 0);
        strategy.RunBatch(problem.Network, new BatchContext(0, 0.01));
        double[] weights = strategy.Weights.ToArray();
        Assert.Equal(4, weights.Length);
        Assert.All(weights[..3], weight => Assert.Equal(1.0 / 3, weight, 1e-12));
        Assert.Equal(1, weights[3]);
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        var options = new SelectiveOptions { Aggregator = new PCGradOptions() };
        options.Validate();
        Refused(options with { OfficialCode = true }, "Aggregator");
        Refused(options with { Reduction = GroupReduction.Mean }, "Reduction");
        Refused(options with { Aggregator = new PCGradOptions { HeadLearningRateFactor = 2 } }, "HeadLearningRateFactor of the aggregator pcgrad");
        Refused(options with { Aggregator = new KrumOptions { Selected = 0 } }, "Selected of the aggregator krum");
    }

    private static void Refused(SelectiveOptions options, string what)
    {
        InvalidOptionException refusal = Assert.Throws<InvalidOptionException>(options.Validate);
        Assert.StartsWith($"{what} must be ", refusal.Message, StringComparison.Ordinal);
    }

    private static (double[] Parameters, double[] Affinity, double[] Losses) Run(SelectiveOptions options, bool missing)
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing, official: false, seed: 12);
        IStrategy strategy = options.Create();
        strategy.Prepare(problem.Network, new StrategyContext(["a", "b", "c", "d"], 7, NullLogger.Instance));
        for (int batch = 0; batch < Batches; batch++)
        {
            problem.Network.BeginBatch(problem.Data, problem.NextBatch(), (ulong)batch);
            strategy.RunBatch(problem.Network, new BatchContext(batch, 0.02));
        }

        var affinity = new double[16];
        problem.Network.ReadAffinity(affinity, []);
        var losses = new double[4];
        problem.Network.TakeLossTotals(losses, new long[4]);
        return ([.. Engine.SmallProblem.Parameters(problem.Network).Select(value => (double)value)], affinity, losses);
    }

    private static void Near(double[] expected, double[] actual, string what)
    {
        double norm = Math.Sqrt(expected.Sum(value => value * value));
        double error = Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum()) / norm;
        Assert.True(error <= Tolerance, $"{what} differ by {error}");
    }
}
