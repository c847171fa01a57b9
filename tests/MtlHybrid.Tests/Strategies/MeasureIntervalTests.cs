using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Tests.Reference;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>Selective updates that measure the losses of tasks outside the group in every n-th batch only.</summary>
public sealed class MeasureIntervalTests
{
    private const int Interval = 4;
    private const int Warmup = 10;
    private const int Batches = 60;
    private const double Rate = 0.02;
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Weights_affinity_and_training_losses_equal_the_reference(bool missing, bool measureLast)
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing, official: false, seed: 8);
        IStrategy strategy = Prepare(problem, new SelectiveOptions { RegroupInterval = 1, MeasureLastGroup = measureLast });
        double[] sums = new double[ReferenceProblem.TaskCount];
        long[] counts = new long[ReferenceProblem.TaskCount];
        int multiTaskGroups = 0;
        for (int batch = 0; batch < Batches; batch++)
        {
            (double[][] x, double[][] labels) = RunBatch(problem, strategy, batch);
            problem.Reference.BeginBatch();
            bool measures = Measures(batch);
            bool[] seen = new bool[ReferenceProblem.TaskCount];
            foreach (IReadOnlyList<int> group in strategy.Groups)
            {
                // A group without a label in the batch does nothing, not even a forward.
                double[] losses = problem.Reference.Losses(x, labels);
                bool steps = group.Any(task => !double.IsNaN(losses[task]));
                for (int task = 0; task < losses.Length; task++)
                {
                    if (!steps || seen[task] || double.IsNaN(losses[task]) || !(measures || group.Contains(task))) continue;
                    seen[task] = true;
                    sums[task] += losses[task];
                    counts[task]++;
                }

                problem.Reference.Update([.. group], x, labels, Rate, Rate, mean: false, measureAll: measures);
                if (group.Count > 1 && batch > Warmup) multiTaskGroups++;
            }

            if (measures && (measureLast || strategy.Groups.Count == 1)) problem.Reference.Measure(x, labels);
        }

        Assert.True(multiTaskGroups > 0, "no group ever had two tasks: the test would not see the rules inside a group");
        Assert.True(problem.WeightError() <= Tolerance, $"weights differ by {problem.WeightError()}");
        Assert.True(problem.AffinityError() <= Tolerance, $"affinities differ by {problem.AffinityError()}");
        var actualSums = new double[sums.Length];
        var actualCounts = new long[counts.Length];
        problem.Network.TakeLossTotals(actualSums, actualCounts);
        Assert.Equal(counts, actualCounts);
        for (int task = 0; task < sums.Length; task++)
            Assert.True(Math.Abs(actualSums[task] - sums[task]) <= Tolerance * sums[task], $"task {task}: {actualSums[task]} instead of {sums[task]}");
    }

    [Theory]
    [InlineData("singletons")]
    [InlineData("together")]
    public void Only_measuring_batches_observe_and_every_loss_is_counted(string grouping)
    {
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 9);
        IStrategy strategy = Prepare(problem, new SelectiveOptions { Grouping = grouping, MeasureLastGroup = true });
        long before = 0;
        int silent = 0;
        for (int batch = 0; batch < Batches; batch++)
        {
            RunBatch(problem, strategy, batch);
            long after = Observations(problem.Network);
            Assert.Equal(Measures(batch), after > before);
            before = after;
            if (!Measures(batch)) silent++;
        }

        Assert.Equal((Batches - Warmup - 1) * (Interval - 1) / Interval, silent, 1.0);
        var sums = new double[ReferenceProblem.TaskCount];
        var counts = new long[ReferenceProblem.TaskCount];
        problem.Network.TakeLossTotals(sums, counts);
        Assert.All(counts, count => Assert.Equal(Batches, count));
        Assert.All(sums, sum => Assert.True(sum > 0 && double.IsFinite(sum)));
    }

    [Fact]
    public void Measuring_every_batch_is_the_default()
    {
        Assert.Equal(1, new SelectiveOptions().MeasureInterval);
        using var problem = new ReferenceProblem(ReferenceRule.Sgd, missing: false, official: false, seed: 10);
        IStrategy strategy = new SelectiveOptions { WarmupBatches = 2, Grouping = "singletons" }.Create();
        strategy.Prepare(problem.Network, new StrategyContext(["a", "b", "c", "d"], 7, NullLogger.Instance));
        for (int batch = 0; batch < 10; batch++)
        {
            long before = Observations(problem.Network);
            RunBatch(problem, strategy, batch);
            Assert.True(Observations(problem.Network) > before);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(2, true)]
    public void An_interval_that_cannot_be_is_refused(int interval, bool official)
    {
        InvalidOptionException refusal = Assert.Throws<InvalidOptionException>(
            () => new SelectiveOptions { MeasureInterval = interval, OfficialCode = official }.Validate());
        Assert.Equal(nameof(SelectiveOptions.MeasureInterval), refusal.Option);
    }

    private static bool Measures(int batch) => batch <= Warmup || (batch - Warmup) % Interval == 0;

    private static IStrategy Prepare(ReferenceProblem problem, SelectiveOptions options)
    {
        IStrategy strategy = (options with
        {
            Decay = ReferenceProblem.Beta,
            WarmupBatches = Warmup,
            Order = GroupOrder.Fixed,
            MeasureInterval = Interval,
        }).Create();
        strategy.Prepare(problem.Network, new StrategyContext(["a", "b", "c", "d"], 7, NullLogger.Instance));
        return strategy;
    }

    private static (double[][] Inputs, double[][] Labels) RunBatch(ReferenceProblem problem, IStrategy strategy, int batch)
    {
        int[] rows = problem.NextBatch();
        problem.Network.BeginBatch(problem.Data, rows, (ulong)batch);
        strategy.RunBatch(problem.Network, new BatchContext(batch, Rate));
        return (problem.Inputs(rows), problem.LabelsOf(rows));
    }

    private static long Observations(Network network)
    {
        var affinity = new double[network.Tasks * network.Tasks];
        var observations = new long[affinity.Length];
        network.ReadAffinity(affinity, observations);
        return observations.Sum();
    }
}
