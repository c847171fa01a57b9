using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Tests.Reference;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>50 batches of a strategy against the naive double-precision implementation.</summary>
public sealed class ReferenceAgreementTests
{
    private const int Batches = 50;
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(ReferenceRule.Sgd, false, false)]
    [InlineData(ReferenceRule.Sgd, true, false)]
    [InlineData(ReferenceRule.Sgd, false, true)]
    [InlineData(ReferenceRule.Sgd, true, true)]
    [InlineData(ReferenceRule.Adam, false, false)]
    [InlineData(ReferenceRule.Adam, true, false)]
    [InlineData(ReferenceRule.Adam, false, true)]
    [InlineData(ReferenceRule.Adam, true, true)]
    public void Joint_training_equals_the_reference(ReferenceRule rule, bool missing, bool mean)
    {
        using var problem = new ReferenceProblem(rule, missing, official: false, seed: 3);
        GroupReduction reduction = mean ? GroupReduction.Mean : GroupReduction.Sum;
        IStrategy strategy = new JointOptions { Reduction = reduction, HeadLearningRateFactor = 0.5 }.Create();
        Run(problem, strategy, Rate(rule), (rows, x, labels) =>
            problem.Reference.Update([0, 1, 2, 3], x, labels, Rate(rule), 0.5 * Rate(rule), mean));
        Assert.True(problem.WeightError() <= Tolerance, $"weights differ by {problem.WeightError()}");
    }

    [Theory]
    [InlineData(ReferenceRule.Sgd, false, false)]
    [InlineData(ReferenceRule.Sgd, true, false)]
    [InlineData(ReferenceRule.Sgd, false, true)]
    [InlineData(ReferenceRule.Sgd, true, true)]
    [InlineData(ReferenceRule.Adam, false, false)]
    [InlineData(ReferenceRule.Adam, true, false)]
    [InlineData(ReferenceRule.Adam, false, true)]
    [InlineData(ReferenceRule.Adam, true, true)]
    public void Selective_updates_equal_the_reference(ReferenceRule rule, bool missing, bool measureLast)
    {
        using var problem = new ReferenceProblem(rule, missing, official: false, seed: 4);
        IStrategy strategy = new SelectiveOptions
        {
            Decay = ReferenceProblem.Beta,
            WarmupBatches = 10,
            RegroupInterval = 1,
            Order = GroupOrder.Fixed,
            HeadLearningRateFactor = 2,
            MeasureLastGroup = measureLast,
        }.Create();
        int multiTaskGroups = 0;
        Run(problem, strategy, Rate(rule), (rows, x, labels) =>
        {
            foreach (IReadOnlyList<int> group in strategy.Groups)
            {
                problem.Reference.Update([.. group], x, labels, Rate(rule), 2 * Rate(rule), mean: false);
                if (group.Count > 1) multiTaskGroups++;
            }

            if (measureLast || strategy.Groups.Count == 1) problem.Reference.Measure(x, labels);
        });
        Assert.True(multiTaskGroups > 0, "no group ever had two tasks: the test would not see the rules inside a group");
        Assert.True(problem.WeightError() <= Tolerance, $"weights differ by {problem.WeightError()}");
        Assert.True(problem.AffinityError() <= Tolerance, $"affinities differ by {problem.AffinityError()}");
    }

    [Theory]
    [InlineData(ReferenceRule.Sgd, false)]
    [InlineData(ReferenceRule.Sgd, true)]
    [InlineData(ReferenceRule.Adam, false)]
    [InlineData(ReferenceRule.Adam, true)]
    public void The_official_code_mode_equals_the_reference_with_its_defects(ReferenceRule rule, bool together)
    {
        using var problem = new ReferenceProblem(rule, missing: false, official: true, seed: 5);
        IStrategy strategy = new SelectiveOptions
        {
            Decay = ReferenceProblem.Beta,
            WarmupBatches = 10,
            RegroupInterval = 1,
            Order = GroupOrder.Fixed,
            OfficialCode = true,
            Grouping = together ? "together" : "affinity-propagation",
        }.Create();
        Run(problem, strategy, Rate(rule), (rows, x, labels) =>
        {
            int repeats = strategy.Groups.Count == 1 ? 2 : 1;
            for (int i = 0; i < repeats; i++)
                foreach (IReadOnlyList<int> group in strategy.Groups)
                    problem.Reference.Update([.. group], x, labels, Rate(rule), Rate(rule), mean: false);
        });
        Assert.True(problem.WeightError() <= Tolerance, $"weights differ by {problem.WeightError()}");
        Assert.True(problem.AffinityError() <= Tolerance, $"affinities differ by {problem.AffinityError()}");
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    public void Heads_outside_the_group_stay_bit_for_bit(OptimizerKind kind)
    {
        using var problem = new ReferenceProblem(ReferenceRule.Adam, missing: false, official: false, seed: 6);
        Network network = problem.Network;
        network.ConfigureOptimizer(new OptimizerOptions { Kind = kind, Momentum = kind == OptimizerKind.Sgd ? 0.9 : 0, WeightDecay = 0.1 });
        // Momentum everywhere first: it is what would move idle heads.
        network.BeginBatch(problem.Data, problem.NextBatch(), 0);
        network.UpdateGroup([0, 1, 2, 3], new UpdateOptions(0.01, 0.01));
        foreach (NetworkBuffer buffer in new[] { NetworkBuffer.Parameters, NetworkBuffer.FirstMoment, NetworkBuffer.SecondMoment })
        {
            float[] idle = [.. Slice(network, buffer, 0), .. Slice(network, buffer, 2)];
            float[] active = [.. Slice(network, NetworkBuffer.Parameters, 1), .. Slice(network, NetworkBuffer.Parameters, 3)];
            network.BeginBatch(problem.Data, problem.NextBatch(), 1);
            network.UpdateGroup([1, 3], new UpdateOptions(0.01, 0.01));
            Assert.Equal(idle, (float[])[.. Slice(network, buffer, 0), .. Slice(network, buffer, 2)]);
            Assert.NotEqual(active, (float[])[.. Slice(network, NetworkBuffer.Parameters, 1), .. Slice(network, NetworkBuffer.Parameters, 3)]);
        }
    }

    private static float[] Slice(Network network, NetworkBuffer buffer, int owner)
    {
        (long offset, long count) = network.Slice(owner);
        var values = new float[count];
        network.Read(buffer, offset, values);
        return values;
    }

    private static double Rate(ReferenceRule rule) => rule == ReferenceRule.Adam ? 0.005 : 0.02;

    private static void Run(ReferenceProblem problem, IStrategy strategy, double rate, Action<int[], double[][], double[][]> reference)
    {
        strategy.Prepare(problem.Network, new StrategyContext(["a", "b", "c", "d"], 7, NullLogger.Instance));
        for (int batch = 0; batch < Batches; batch++)
        {
            int[] rows = problem.NextBatch();
            problem.Network.BeginBatch(problem.Data, rows, (ulong)batch);
            strategy.RunBatch(problem.Network, new BatchContext(batch, rate));
            problem.Reference.BeginBatch();
            reference(rows, problem.Inputs(rows), problem.LabelsOf(rows));
        }
    }
}
