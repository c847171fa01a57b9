using MtlHybrid.Affinity;
using MtlHybrid.Engine;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Tests.Reference;
using MtlHybrid.Tests.Training;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Strategies;

/// <summary>Affinities that selective updates can take instead of the proximal one.</summary>
public sealed class AffinityProbeTests
{
    private const int Tasks = 4;

    public static TheoryData<AffinityKind> Kinds => [AffinityKind.GradientCosine, AffinityKind.GradientProduct, AffinityKind.LookAhead, AffinityKind.Sketch];

    // A(i -> k) ~ eta g_i.g_k / L_k: what remains is of the second order in eta.
    [Fact]
    public void Look_ahead_is_the_first_order_effect_for_small_steps()
    {
        const double Rate = 2e-3;
        using ReferenceProblem problem = Problem(missing: false);
        int[] rows = problem.NextBatch();
        problem.Network.BeginBatch(problem.Data, rows, 0);
        var probe = new LookAheadProbe(problem.Network, decay: 0.001, limit: 10);
        probe.Observe(problem.Network, new BatchContext(0, Rate));
        AffinityMatrix affinity = probe.Estimator.ToMatrix();
        double[] losses = Losses(problem.Network);
        float[][] gradients = [.. Enumerable.Range(0, Tasks).Select(task => SharedGradient(problem.Network, task))];
        int clear = 0;
        for (int i = 0; i < Tasks; i++)
        {
            for (int k = 0; k < Tasks; k++)
            {
                double product = Dot(gradients[i], gradients[k]);
                // Near a right angle the second order decides.
                if (Math.Abs(product) < 0.2 * Math.Sqrt(Dot(gradients[i], gradients[i]) * Dot(gradients[k], gradients[k]))) continue;
                double expected = Rate * product / losses[k];
                double error = Math.Abs(affinity.Values[i, k] - expected) / Math.Abs(expected);
                Assert.True(error <= 0.05, $"{i} -> {k}: {affinity.Values[i, k]} instead of {expected}");
                Assert.Equal(1, affinity.Observations(i, k));
                clear++;
            }
        }

        Assert.True(clear >= 8, $"only {clear} clear pairs");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Observing_leaves_no_trace_but_a_measurement_of_the_losses(AffinityKind kind)
    {
        using ReferenceProblem measured = Problem(missing: true);
        using ReferenceProblem probed = Problem(missing: true);
        IAffinityProbe probe = Probe(kind, probed.Network);
        for (int batch = 0; batch < 20; batch++)
        {
            measured.Network.BeginBatch(measured.Data, measured.NextBatch(), (ulong)batch);
            probed.Network.BeginBatch(probed.Data, probed.NextBatch(), (ulong)batch);
            measured.Network.Measure();
            probe.Observe(probed.Network, new BatchContext(batch, 0.05));
            Assert.Equal(Engine.SmallProblem.Parameters(measured.Network), Engine.SmallProblem.Parameters(probed.Network));
            foreach (int[] group in new int[][] { [0, 1], [2, 3] })
            {
                measured.Network.UpdateGroup(group, new UpdateOptions(0.05, 0.05));
                probed.Network.UpdateGroup(group, new UpdateOptions(0.05, 0.05));
            }
        }

        Assert.Equal(Engine.SmallProblem.Parameters(measured.Network), Engine.SmallProblem.Parameters(probed.Network));
        (double[] sums, long[] batches) expected = Totals(measured.Network);
        (double[] sums, long[] batches) actual = Totals(probed.Network);
        Assert.Equal(expected.batches, actual.batches);
        Assert.Equal(expected.sums, actual.sums);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_pairs_of_tasks_with_labels_are_observed(AffinityKind kind)
    {
        using ReferenceProblem problem = Problem(missing: true);
        IAffinityProbe probe = Probe(kind, problem.Network);
        var seen = new long[Tasks, Tasks];
        for (int batch = 0; batch < 10; batch++)
        {
            // A few rows, so that a task lacks its label now and then.
            problem.Network.BeginBatch(problem.Data, problem.NextBatch().AsSpan(0, 2), (ulong)batch);
            probe.Observe(problem.Network, new BatchContext(batch, 0.01));
            double[] losses = Losses(problem.Network);
            for (int i = 0; i < Tasks; i++)
                for (int k = 0; k < Tasks; k++)
                    if (!double.IsNaN(losses[i]) && !double.IsNaN(losses[k])) seen[i, k]++;
        }

        AffinityMatrix affinity = probe.Estimator.ToMatrix();
        bool lacked = false;
        for (int i = 0; i < Tasks; i++)
        {
            for (int k = 0; k < Tasks; k++)
            {
                Assert.Equal(seen[i, k], affinity.Observations(i, k));
                lacked |= seen[i, k] < 10;
            }
        }

        Assert.True(lacked, "every task had a label in every batch");
    }

    // 2,000 directions: a standard error of sqrt((1 + c^2) / 2000), and five of them allowed.
    [Fact]
    public void A_sketch_averages_to_the_inner_products()
    {
        using ReferenceProblem problem = Problem(missing: true);
        var exact = new TaskProducts(Tasks);
        var sketch = new TaskProducts(Tasks, directions: 20, seed: 3);
        problem.Network.ConfigureGradients(directions: true);
        problem.Network.BeginBatch(problem.Data, problem.NextBatch(), 0);
        var expected = exact.Measure(problem.Network, 0, out int[] labelled)!;
        var mean = expected.Clone();
        mean.Clear();
        for (int batch = 0; batch < 100; batch++)
        {
            mean += sketch.Measure(problem.Network, batch, out int[] same)! / 100;
            Assert.Equal(labelled, same);
        }

        for (int i = 0; i < labelled.Length; i++)
        {
            for (int j = 0; j < labelled.Length; j++)
            {
                double norms = Math.Sqrt(expected[i, i] * expected[j, j]);
                double cosine = expected[i, j] / norms;
                double error = Math.Abs(mean[i, j] - expected[i, j]) / norms;
                Assert.True(error <= 5 * Math.Sqrt((1 + cosine * cosine) / 2000), $"{i}, {j}: {mean[i, j]} instead of {expected[i, j]}");
                Assert.True(error > 0 || norms == 0, "a sketch is not exact");
            }
        }
    }

    [Fact]
    public void A_step_of_length_0_is_not_observed()
    {
        using ReferenceProblem problem = Problem(missing: false);
        problem.Network.BeginBatch(problem.Data, problem.NextBatch(), 0);
        IAffinityProbe probe = Probe(AffinityKind.LookAhead, problem.Network);
        probe.Observe(problem.Network, new BatchContext(0, 0));
        Assert.Equal(0, probe.Estimator.ToMatrix().Observations(0, 0));
    }

    [Theory]
    [InlineData(AffinityKind.GradientCosine, false)]
    [InlineData(AffinityKind.GradientProduct, true)]
    [InlineData(AffinityKind.LookAhead, false)]
    [InlineData(AffinityKind.LookAhead, true)]
    [InlineData(AffinityKind.Sketch, false)]
    [InlineData(AffinityKind.Sketch, true)]
    public void Training_repeats_itself_and_its_history_has_the_estimate(AffinityKind kind, bool aggregator)
    {
        var selective = new SelectiveOptions
        {
            Affinity = kind,
            AffinityInterval = 4,
            WarmupBatches = 10,
            Aggregator = aggregator ? new PCGradOptions() : null,
        };
        TrainingOptions options = SmallData.Options() with { Strategy = selective };
        var data = SmallData.Create(missing: 0.2);
        using TrainingResult first = new Trainer(options).Train(data);
        using TrainingResult second = new Trainer(options).Train(data);
        Assert.Equal(SmallData.Weights(first), SmallData.Weights(second));
        AffinityMatrix affinity = Assert.IsType<AffinityMatrix>(first.History.Affinity);
        Assert.Equal(["r", "b", "m"], affinity.TaskNames);
        Assert.Equal((first.Batches + 3) / 4, affinity.Observations(0, 1));
        for (int task = 0; task < 3; task++)
        {
            if (kind == AffinityKind.GradientCosine) Assert.Equal(1, affinity.Values[task, task], 1e-6);
            else Assert.True(affinity.Values[task, task] > 0, $"{affinity.Values[task, task]}");
        }
    }

    [Fact]
    public void What_only_the_proximal_affinity_has_is_refused_with_others()
    {
        var options = new SelectiveOptions { Affinity = AffinityKind.LookAhead };
        options.Validate();
        Assert.Equal("Affinity", Assert.Throws<InvalidOptionException>((options with { OfficialCode = true }).Validate).Option);
        Assert.Equal("MeasureInterval", Assert.Throws<InvalidOptionException>((options with { MeasureInterval = 2 }).Validate).Option);
        Assert.Equal("MeasureLastGroup", Assert.Throws<InvalidOptionException>((options with { MeasureLastGroup = true }).Validate).Option);
        Assert.Equal("AffinityDirections", Assert.Throws<InvalidOptionException>((options with { AffinityDirections = 0 }).Validate).Option);
        Assert.Equal("AffinityInterval", Assert.Throws<InvalidOptionException>((options with { AffinityInterval = 0 }).Validate).Option);
        Assert.Equal("Affinity", Assert.Throws<InvalidOptionException>((options with { Affinity = (AffinityKind)9 }).Validate).Option);
    }

    private static IAffinityProbe Probe(AffinityKind kind, Network network)
    {
        if (kind == AffinityKind.LookAhead) return new LookAheadProbe(network, decay: 0.001, limit: 10);
        int directions = kind == AffinityKind.Sketch ? 3 : 0;
        network.ConfigureGradients(directions: directions > 0);
        return new GradientAffinityProbe(
            new TaskProducts(network.Tasks, directions, seed: 5),
            kind == AffinityKind.GradientCosine ? GradientSimilarity.Cosine : GradientSimilarity.InnerProduct,
            decay: 0.001);
    }

    private static ReferenceProblem Problem(bool missing) => new(ReferenceRule.Adam, missing, official: false, seed: 21);

    private static double[] Losses(Network network)
    {
        network.Measure();
        var losses = new double[Tasks];
        network.ReadLosses(losses);
        return losses;
    }

    private static float[] SharedGradient(Network network, int task)
    {
        network.ComputeGradients([task], GroupReduction.Sum);
        (long offset, long count) = network.Slice(-1);
        var gradient = new float[count];
        network.Read(NetworkBuffer.Gradients, offset, gradient);
        return gradient;
    }

    private static (double[] Sums, long[] Batches) Totals(Network network)
    {
        var sums = new double[Tasks];
        var batches = new long[Tasks];
        network.TakeLossTotals(sums, batches);
        return (sums, batches);
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
