using MtlHybrid.Strategies.Weighting;
using Xunit;

namespace MtlHybrid.Tests.Strategies.Weighting;

public sealed class FamoTests
{
    private const double Rate = 0.025;
    private const double Decay = 0.001;

    private static double[] Softmax(double[] xi)
    {
        double[] exponentials = [.. xi.Select(Math.Exp)];
        return [.. exponentials.Select(e => e / exponentials.Sum())];
    }

    [Fact]
    public void First_weights_are_inverse_losses_that_sum_to_1()
    {
        // z = 1/2 each, D = (1, 4), c = 0.5 + 0.125.
        WeightingRun.AssertClose([0.8, 0.2], new WeightingRun(new Famo(Rate, Decay, null), 2).Weigh([1, 4]), 1e-7);
        WeightingRun.AssertClose([0.8, 0.2], new WeightingRun(new Famo(Rate, Decay, [-0.5, 1]), 2).Weigh([0.5, 5]), 1e-7);
    }

    // xi descends along the derivatives of F(xi) = sum softmax(xi)_i (log D_i before - log D_i after), plus gamma xi; the weights are
    // the derivatives of sum (z_i / c) log D_i with z and c held.
    [Fact]
    public void Logits_and_weights_follow_the_derivatives_of_their_objectives()
    {
        var use = new WeightingRun(new Famo(Rate, Decay, null), 3);
        var adam = new ReferenceAdam([0, 0, 0], Rate);
        var random = new Random(6);
        for (int batch = 0; batch < 80; batch++)
        {
            double[] before = [0.2 + random.NextDouble(), 5 + random.NextDouble(), 0.01 + 0.01 * random.NextDouble()];
            double[] after = [before[0] * 0.9, before[1] * 1.02, before[2] * random.NextDouble()];
            double[] z = Softmax(adam.Theta);
            double c = z.Zip(before, (share, l) => share / (l + 1e-8)).Sum();
            double[] weights = use.Weigh(before);
            WeightingRun.AssertClose(WeightingRun.Gradient(l => l.Zip(z, (x, share) => share / c * Math.Log(x + 1e-8)).Sum(), before), weights, 1e-6);
            Assert.Equal(1, weights.Sum(), 1e-12);
            use.Weighting.AfterStep(after);
            double[] gains = [.. before.Zip(after, (x, y) => Math.Log(x + 1e-8) - Math.Log(y + 1e-8))];
            double[] gradient = WeightingRun.Gradient(xi => Softmax(xi).Zip(gains, (share, gain) => share * gain).Sum(), adam.Theta);
            adam.Step([.. gradient.Zip(adam.Theta, (g, xi) => g + Decay * xi)]);
        }

        // What improved least has gained.
        Assert.True(adam.Theta[1] > adam.Theta[0] && adam.Theta[0] > adam.Theta[2], string.Join(' ', adam.Theta));
    }

    [Fact]
    public void Missing_tasks_leave_the_others_as_if_alone_and_keep_their_logit()
    {
        var use = new WeightingRun(new Famo(Rate, 0, null), 3);
        var alone = new WeightingRun(new Famo(Rate, 0, null), 2);
        for (int batch = 0; batch < 20; batch++)
        {
            double[] weights = use.Weigh([1, double.NaN, 2]);
            double[] expected = alone.Weigh([1, 2]);
            WeightingRun.AssertClose([expected[0], 0, expected[1]], weights, 1e-12);
            use.Weighting.AfterStep([0.9, double.NaN, 2]);
            alone.Weighting.AfterStep([0.9, 2]);
        }

        // At equal losses the weights are the shares z: the task that was away still has logit 0, the others moved symmetrically.
        double[] shares = use.Weigh([1, 1, 1]);
        Assert.Equal(shares[1], Math.Sqrt(shares[0] * shares[2]), 1e-3);
        Assert.True(shares[2] > shares[1] && shares[1] > shares[0], string.Join(' ', shares));
    }

    [Fact]
    public void A_task_that_diverges_in_the_step_does_not_move_the_logits()
    {
        var use = new WeightingRun(new Famo(Rate, 0, null), 2);
        use.Weigh([1, 1]);
        use.Weighting.AfterStep([0.5, double.PositiveInfinity]);
        // Alone, a task's share is 1 and its gradient 0.
        WeightingRun.AssertClose([0.5, 0.5], use.Weigh([1, 1]), 1e-12);
    }

    [Fact]
    public void Lower_bounds_are_one_per_task()
    {
        var weighting = new Famo(Rate, Decay, [0, 0]);
        var error = Assert.Throws<InvalidOptionException>(() => weighting.Prepare([default], 1));
        Assert.Contains("1 numbers, one per task", error.Message, StringComparison.Ordinal);
    }
}
