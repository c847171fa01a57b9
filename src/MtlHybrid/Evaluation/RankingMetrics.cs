namespace MtlHybrid.Evaluation;

/// <summary>
/// Metrics of how well scores order the rows. Scores are finite and may be probabilities or logits: only their order counts.
/// </summary>
public static class RankingMetrics
{
    /// <summary>
    /// Area under the receiver operating characteristic: the chance that a random positive has a higher score than a random
    /// negative, ties counting one half (equally: average ranks).
    /// </summary>
    /// <param name="scores">One per row; higher means more likely positive.</param>
    /// <param name="positive">One per row.</param>
    /// <returns>In [0, 1]; undefined where all rows are positive or none is.</returns>
    public static MetricValue RocAuc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] sorted, bool[] isPositive) = SortByScore(scores, positive);
        long positives = isPositive.LongCount(p => p), negatives = isPositive.Length - positives;
        if (positives == 0) return MetricValue.Undefined("no label is positive");
        if (negatives == 0) return MetricValue.Undefined("all labels are positive");

        double wins = 0;
        long negativesBelow = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = EndOfTie(sorted, start);
            long tiedPositives = 0;
            for (int row = start; row < end; row++)
                tiedPositives += isPositive[row] ? 1 : 0;
            long tiedNegatives = end - start - tiedPositives;
            wins += tiedPositives * (negativesBelow + 0.5 * tiedNegatives);
            negativesBelow += tiedNegatives;
            start = end;
        }

        return MetricValue.Of(wins / ((double)positives * negatives));
    }

    /// <summary>
    /// Average precision: sum over the distinct scores, highest first, of (gain in recall) x (precision down to that score). No
    /// interpolation.
    /// </summary>
    /// <param name="scores">One per row; higher means more likely positive.</param>
    /// <param name="positive">One per row.</param>
    /// <returns>In (0, 1]; undefined where no row is positive.</returns>
    public static MetricValue AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] sorted, bool[] isPositive) = SortByScore(scores, positive);
        long positives = isPositive.LongCount(p => p);
        if (positives == 0) return MetricValue.Undefined("no label is positive");

        double sum = 0;
        long found = 0;
        // Ascending order, read from its end; a tie starts where the score below differs.
        for (int end = sorted.Length; end > 0;)
        {
            int start = end;
            long foundBefore = found;
            do
            {
                start--;
                found += isPositive[start] ? 1 : 0;
            }
            while (start > 0 && sorted[start - 1] == sorted[start]);
            sum += (found - foundBefore) * ((double)found / (sorted.Length - start));
            end = start;
        }

        return MetricValue.Of(sum / positives);
    }

    private static int EndOfTie(double[] sorted, int start)
    {
        int end = start + 1;
        while (end < sorted.Length && sorted[end] == sorted[start])
            end++;
        return end;
    }

    private static (double[] Scores, bool[] Positive) SortByScore(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length)
            throw new ArgumentException($"expected one score per label; got {scores.Length} for {positive.Length}", nameof(scores));
        double[] sorted = scores.ToArray();
        bool[] isPositive = positive.ToArray();
        Array.Sort(sorted, isPositive);
        return (sorted, isPositive);
    }
}
