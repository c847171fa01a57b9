using CsCheck;
using MtlHybrid.Evaluation;
using Xunit;

namespace MtlHybrid.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    // Few distinct scores, so that ties are the rule.
    private static readonly Gen<(double[] Scores, bool[] Positive)> Rankings =
        from rows in Gen.Int[1, 30]
        from scores in Gen.Int[-4, 4].Select(i => i / 4.0).Array[rows]
        from positive in Gen.Bool.Array[rows]
        select (scores, positive);

    [Fact]
    public void Auc_counts_the_pairs_that_are_in_order() => Rankings.Sample(r =>
    {
        double wins = 0, pairs = 0;
        for (int i = 0; i < r.Scores.Length; i++)
            for (int j = 0; j < r.Scores.Length; j++)
                if (r.Positive[i] && !r.Positive[j])
                {
                    pairs++;
                    wins += r.Scores[i] > r.Scores[j] ? 1 : r.Scores[i] == r.Scores[j] ? 0.5 : 0;
                }

        MetricValue auc = RankingMetrics.RocAuc(r.Scores, r.Positive);
        return pairs == 0 ? !auc.IsDefined && auc.Remark is not null : Math.Abs(auc.Value - wins / pairs) <= 1e-14;
    });

    [Fact]
    public void Auc_of_negated_scores_is_its_complement() => Rankings.Sample(r =>
    {
        double auc = RankingMetrics.RocAuc(r.Scores, r.Positive).Value;
        double negated = RankingMetrics.RocAuc(Array.ConvertAll(r.Scores, s => -s), r.Positive).Value;
        return double.IsNaN(auc) ? double.IsNaN(negated) : Math.Abs(auc - (1 - negated)) <= 1e-14;
    });

    [Fact]
    public void Only_the_order_of_scores_matters() => Rankings.Sample(r =>
    {
        double[] logits = Array.ConvertAll(r.Scores, s => 100 * s + Math.Exp(s));
        return RankingMetrics.RocAuc(r.Scores, r.Positive) == RankingMetrics.RocAuc(logits, r.Positive)
            && RankingMetrics.AveragePrecision(r.Scores, r.Positive) == RankingMetrics.AveragePrecision(logits, r.Positive);
    });

    [Fact]
    public void Average_precision_lies_between_its_worst_and_one() => Rankings.Sample(r =>
    {
        MetricValue ap = RankingMetrics.AveragePrecision(r.Scores, r.Positive);
        if (!r.Positive.Contains(true)) return !ap.IsDefined;
        // The worst ranking has all positives at the end.
        int positives = r.Positive.Count(p => p), negatives = r.Positive.Length - positives;
        double worst = Enumerable.Range(1, positives).Sum(i => (double)i / (negatives + i)) / positives;
        return ap.Value >= worst - 1e-14 && ap.Value <= 1;
    });

    [Fact]
    public void Scores_that_are_all_equal_give_chance_level()
    {
        bool[] positive = [true, false, false, true, false];
        Assert.Equal(0.5, RankingMetrics.RocAuc(new double[5], positive).Value);
        Assert.Equal(0.4, RankingMetrics.AveragePrecision(new double[5], positive).Value, 1e-15);
    }
}
