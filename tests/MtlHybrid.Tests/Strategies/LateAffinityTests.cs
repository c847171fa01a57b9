using MathNet.Numerics.LinearAlgebra;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Grouping;
using MtlHybrid.Strategies;
using MtlHybrid.Tests.Reference;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>Groups made from the affinity of one batch earlier, as on a GPU, and from all that was measured.</summary>
public sealed class LateAffinityTests
{
    private const int Warmup = 4;
    private const int Batches = 50;
    private const double Rate = 0.05;
    private const ulong Seed = 7;
    private static readonly SelectiveOptions Options = new()
    {
        Decay = 0.5,
        WarmupBatches = Warmup,
        Order = GroupOrder.Fixed,
        Grouping = "hierarchical",
        GroupThreshold = 0.2,
    };

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    public void Groups_follow_from_the_affinity_of_the_batch_that_is_documented(int interval, bool late)
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 8);
        SelectiveOptions options = Options with { RegroupInterval = interval };
        List<Step> steps = Run(problem, new SelectiveUpdates(options, late));

        IGrouping grouping = GroupingCatalog.Create(new GroupingOptions
        {
            Method = "hierarchical",
            Hierarchical = new HierarchicalClusteringOptions { Normalization = AffinityNormalization.SelfAffinity, Threshold = 0.2 },
        });
        TaskGroups expected = TaskGroups.Singletons(ReferenceProblem.TaskCount);
        int regroupings = 0, told = 0;
        for (int batch = 0; batch < Batches; batch++)
        {
            int since = batch - Warmup;
            if (since > 0 && (since - 1) % interval == 0)
            {
                // Before this batch: after the one before it, or after the one before that.
                TaskGroups ByAffinityAfter(int index) => grouping.Group(steps[index].Affinity, expected, Seed, regroupings).Groups;
                TaskGroups asMeasured = ByAffinityAfter(batch - 1), oneEarlier = ByAffinityAfter(batch - 2);
                if (!asMeasured.Equals(oneEarlier)) told++;
                expected = late ? oneEarlier : asMeasured;
                regroupings++;
            }

            Assert.Equal(expected, steps[batch].Groups);
        }

        Assert.True(regroupings > 10 && told > 0, $"{told} of {regroupings} regroupings tell the two apart: the test would not see which is used");
    }

    [Fact]
    public void The_processor_is_exact_whatever_is_asked_for()
    {
        List<Step>[] runs = [.. new[] { false, true }.Select(exact =>
        {
            using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: true, official: false, seed: 9, DeviceKind.Cpu);
            SelectiveOptions options = Options with { RegroupInterval = 2, ExactAffinity = exact };
            return Run(problem, options.Create());
        })];
        Assert.Equal(runs[0].Select(step => step.Groups), runs[1].Select(step => step.Groups));
        Assert.Equal(runs[0][^1].Affinity, runs[1][^1].Affinity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_GPU_gives_the_processors_groups_if_it_is_exact_and_those_of_one_batch_earlier_otherwise(bool exact)
    {
        Assert.SkipUnless(Device.Cuda.State == CudaState.Usable, "there is no GPU");
        SelectiveOptions options = Options with { RegroupInterval = 1, ExactAffinity = exact };
        using var device = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 8, DeviceKind.Cuda);
        using var processor = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 8, DeviceKind.Cpu);
        List<Step> actual = Run(device, options.Create()), expected = Run(processor, new SelectiveUpdates(options, late: !exact));
        Assert.Equal(expected.Select(step => step.Groups), actual.Select(step => step.Groups));
    }

    [Fact]
    public void Groups_that_need_no_affinity_ask_for_none()
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 10);
        var strategy = new SelectiveUpdates(Options with { Grouping = "random", GroupThreshold = null, RegroupInterval = 1 }, late: true);
        Run(problem, strategy);
        var affinity = new double[ReferenceProblem.TaskCount * ReferenceProblem.TaskCount];
        EngineException refusal = Assert.Throws<EngineException>(() => problem.Network.TakeAffinity(affinity, []));
        Assert.Equal(EngineStatus.InvalidState, refusal.Status);
    }

    [Fact]
    public void A_snapshot_is_of_when_it_was_asked_for()
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 11);
        int cells = ReferenceProblem.TaskCount * ReferenceProblem.TaskCount;
        double[] asked = new double[cells], taken = new double[cells];
        long[] askedCounts = new long[cells], takenCounts = new long[cells];
        IStrategy strategy = Options.Create();
        Prepare(problem.Network, strategy);
        RunBatch(problem, strategy, 0);
        problem.Network.RequestAffinity();
        problem.Network.ReadAffinity(asked, askedCounts);
        RunBatch(problem, strategy, 1);
        problem.Network.TakeAffinity(taken, takenCounts);
        Assert.Equal(asked, taken);
        Assert.Equal(askedCounts, takenCounts);
        problem.Network.ReadAffinity(taken, []);
        Assert.NotEqual(asked, taken);
        Assert.Throws<ArgumentException>(() => problem.Network.TakeAffinity(new double[cells - 1], []));
    }

    private sealed record Step(TaskGroups Groups, Matrix<double> Affinity);

    // The groups of every batch and the affinity after it.
    private static List<Step> Run(ReferenceProblem problem, IStrategy strategy)
    {
        Network network = problem.Network;
        Prepare(network, strategy);
        var steps = new List<Step>();
        var affinity = new double[network.Tasks * network.Tasks];
        for (int batch = 0; batch < Batches; batch++)
        {
            RunBatch(problem, strategy, batch);
            network.ReadAffinity(affinity, []);
            steps.Add(new Step(strategy.Groups, Matrix<double>.Build.DenseOfRowMajor(network.Tasks, network.Tasks, affinity)));
        }

        return steps;
    }

    private static void Prepare(Network network, IStrategy strategy) =>
        strategy.Prepare(network, new StrategyContext(["a", "b", "c", "d"], Seed, NullLogger.Instance));

    private static void RunBatch(ReferenceProblem problem, IStrategy strategy, int batch)
    {
        problem.Network.BeginBatch(problem.Data, problem.NextBatch(), (ulong)batch);
        strategy.RunBatch(problem.Network, new BatchContext(batch, Rate));
    }
}
