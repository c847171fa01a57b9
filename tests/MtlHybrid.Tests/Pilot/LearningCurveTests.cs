using CsCheck;
using MtlHybrid.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class LearningCurveTests
{
    [Fact]
    public void Losses_are_averaged_over_the_tasks_that_have_one()
    {
        LearningCurve curve = LearningCurve.FromEpochs([[1, 3], [double.NaN, double.NaN]], [[2, double.NaN], [1, 2]]);

        Assert.Equal([1, 2], curve.Epochs);
        Assert.Equal([2, double.NaN], curve.Train);
        Assert.Equal([2, 1.5], curve.Validation);
        Assert.Equal([double.NaN, 2], curve.TaskValidation![1]);
    }

    [Fact]
    public void Thinning_keeps_both_ends_and_never_repeats() =>
        Gen.Int[0, 500].Select(Gen.Int[2, 80]).Sample((count, most) =>
        {
            int[] kept = LearningCurve.ThinnedIndices(count, most);
            return kept.Length == Math.Min(count, most) && kept.SequenceEqual(kept.Distinct().Order())
                && (count == 0 || kept[0] == 0 && kept[^1] == count - 1);
        });

    [Fact]
    public void A_thinned_point_is_the_mean_since_the_point_before()
    {
        double[][] losses = [.. Enumerable.Range(1, 200).Select(epoch => new double[] { epoch })];

        LearningCurve curve = LearningCurve.FromEpochs(losses, losses);

        Assert.Equal(LearningCurve.MaximumPoints, curve.Epochs.Count);
        for (int point = 1; point < curve.Epochs.Count; point++)
            Assert.Equal((curve.Epochs[point - 1] + 1 + curve.Epochs[point]) / 2.0, curve.Train[point], 9);
        Assert.Equal((1, 200), (curve.Epochs[0], curve.Epochs[^1]));
    }

    [Fact]
    public void Many_tasks_keep_no_curves_of_their_own()
    {
        double[] losses = [.. Enumerable.Repeat(1.0, LearningCurve.MaximumTasks + 1)];

        Assert.Null(LearningCurve.FromEpochs([losses], [losses]).TaskValidation);
    }
}
