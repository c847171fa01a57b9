using CsCheck;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>What holds for all loss weightings.</summary>
public sealed class EveryWeightingTests
{
    private static readonly Dictionary<string, Func<ILossWeighting>> Weightings = new()
    {
        ["scale-invariant"] = () => new ScaleInvariant(),
        ["rlw"] = () => new RandomLossWeighting(),
        ["uw"] = () => new UncertaintyWeighting(null),
        ["uw, quick"] = () => new UncertaintyWeighting(100),
        ["imtl-l"] = () => new ImtlL(null),
        ["imtl-l, quick"] = () => new ImtlL(100),
        ["dwa"] = () => new DynamicWeightAverage(2),
        ["dwa, cold"] = () => new DynamicWeightAverage(1e-300),
        ["dtp"] = () => new DynamicTaskPrioritization(0.9, 2),
        ["gls"] = () => new GeometricLoss(),
        ["stch"] = () => new SmoothTchebycheff(1, null, IdealPoint.Zero, 0, logRatio: false),
        ["stch, moving ideal"] = () => new SmoothTchebycheff(1e-300, null, IdealPoint.Smallest, 1, logRatio: false),
        ["stch, ratios"] = () => new SmoothTchebycheff(1, null, IdealPoint.Smallest, 1, logRatio: true),
        ["famo"] = () => new Famo(0.025, 0.001, null),
        ["famo, quick"] = () => new Famo(100, 0, null),
    };

    private static readonly double[] Corners = [0, 1e-45, 3.4e38, -1, -3.4e38, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    // What single precision can hold.
    private static readonly Gen<double> AnyLoss = Gen.Frequency(
        (6, Gen.Double[1e-3, 5]),
        (1, Gen.Double[-40, 38].Select(exponent => Math.Pow(10, exponent))),
        (2, Gen.Int[0, Corners.Length - 1].Select(index => Corners[index])));

    public static TheoryData<string> Names => [.. Weightings.Keys];

    [Fact]
    public void Every_weighting_is_listed() => Assert.Empty(
        StrategyCatalog.All.Where(entry => entry.Defaults is WeightingOptions).Select(entry => entry.Name).Except(Weightings.Keys));

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_finite_whatever_the_losses_and_0_exactly_for_tasks_that_take_no_part(string name)
    {
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 30], Gen.Enum<LossKind>())
            .SelectMany((tasks, batches, kind) => AnyLoss.Array[tasks].Array[2 * batches].Select(losses => (kind, losses)))
            .Sample(
                run =>
                {
                    var use = new WeightingRun(Weightings[name](), run.losses[0].Length, kind: run.kind);
                    for (int batch = 0; batch < run.losses.Length / 2; batch++)
                    {
                        double[] losses = run.losses[2 * batch];
                        double[] weights = use.Weigh(losses, epoch: batch / 3);
                        for (int task = 0; task < losses.Length; task++)
                        {
                            if (!double.IsFinite(weights[task])) return false;
                            if (!double.IsFinite(losses[task]) && weights[task] != 0) return false;
                            if (weights[task] < 0) return false;
                        }

                        if (use.Weighting.MeasuresAfterStep) use.Weighting.AfterStep(run.losses[2 * batch + 1]);
                    }

                    return true;
                },
                iter: 2000,
                threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_task_with_an_ordinary_loss_has_a_weight_above_0(string name)
    {
        // A temperature that leaves room for one task alone, and rates that throw all but one out, are meant to.
        if (name is "dwa, cold" or "stch, moving ideal" or "famo, quick") return;
        var use = new WeightingRun(Weightings[name](), 3, kind: LossKind.BinaryCrossEntropy);
        var random = new Random(3);
        for (int batch = 0; batch < 40; batch++)
        {
            double[] losses = [0.5 + random.NextDouble(), 0.2 + random.NextDouble(), batch % 2 == 0 ? 0.7 : double.NaN];
            double[] weights = use.Weigh(losses, epoch: batch / 5);
            Assert.True(weights[0] > 0 && weights[1] > 0, $"batch {batch}: {weights[0]} and {weights[1]}");
            Assert.Equal(batch % 2 == 0, weights[2] > 0);
            if (use.Weighting.MeasuresAfterStep) use.Weighting.AfterStep([.. losses.Select(loss => 0.9 * loss)]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_runs_with_one_seed_have_the_same_weights(string name)
    {
        double[][] Run(ulong seed)
        {
            var use = new WeightingRun(Weightings[name](), 3, seed);
            var random = new Random(4);
            return [.. Enumerable.Range(0, 20).Select(batch =>
            {
                double[] weights = use.Weigh([random.NextDouble(), random.NextDouble(), 5], batch / 4);
                if (use.Weighting.MeasuresAfterStep) use.Weighting.AfterStep([random.NextDouble(), random.NextDouble(), 4]);
                return weights;
            })];
        }

        Assert.Equal(Run(7), Run(7));
        if (name == "rlw")
            Assert.NotEqual(Run(7), Run(8));
        else
            Assert.Equal(Run(7), Run(8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weighing_allocates_nothing(string name)
    {
        ILossWeighting weighting = Weightings[name]();
        weighting.Prepare([LossKind.MeanSquare, LossKind.MeanSquare, LossKind.MeanSquare], 1);
        double[] losses = [1, 0.5, double.NaN];
        double[] weights = new double[3];
        long Allocated(int first)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int batch = first; batch < first + 60; batch++)
            {
                weighting.Weigh(new BatchContext(batch, 0.01, batch / 20), losses, weights);
                if (weighting.MeasuresAfterStep) weighting.AfterStep(losses);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(0);
        Assert.Equal(0, Allocated(60));
    }
}
