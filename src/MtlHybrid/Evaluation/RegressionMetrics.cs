namespace MtlHybrid.Evaluation;

/// <summary>
/// Metrics of regression. Predictions and labels are in the same units, one per row; all are finite, there is no missing
/// label (<see cref="TaskEvaluator"/> takes care of those).
/// </summary>
public static class RegressionMetrics
{
    /// <summary>Root mean square error.</summary>
    public static MetricValue Rmse(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        RequireRows(predictions, labels);
        return MetricValue.Of(Math.Sqrt(SquaredError(predictions, labels) / labels.Length));
    }

    /// <summary>Mean absolute error.</summary>
    public static MetricValue Mae(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        RequireRows(predictions, labels);
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += Math.Abs(predictions[row] - labels[row]);
        return MetricValue.Of(sum / labels.Length);
    }

    /// <summary>Coefficient of determination: 1 - sum (y - yhat)^2 / sum (y - mean)^2, with the mean of these labels.</summary>
    /// <returns>At most 1; undefined where all labels are equal.</returns>
    public static MetricValue R2(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        RequireRows(predictions, labels);
        if (labels.IndexOfAnyExcept(labels[0]) < 0) return MetricValue.Undefined("all labels are equal");
        double mean = 0;
        foreach (double label in labels)
            mean += label / labels.Length;
        return MetricValue.Of(1 - SquaredError(predictions, labels) / SquaredDistance(labels, mean));
    }

    /// <summary>
    /// Relative root mean square error: sqrt( sum (y - yhat)^2 / sum (y - mean)^2 ); its average over targets is the aRRMSE of the
    /// multi-target regression benchmarks (Spyromitros-Xioufis et al., Machine Learning 104, 2016).
    /// </summary>
    /// <param name="predictions">One per row.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="mean">The mean to compare with. The published protocol, and the Mulan program by default, take the mean of
    /// the TRAINING labels: the best constant a model could have learned. NaN: unknown, the value is undefined. With the mean of
    /// <paramref name="labels"/> themselves it is sqrt(1 - R2).</param>
    /// <returns>At least 0; 1 is as good as the constant. Undefined where every label equals the mean.</returns>
    public static MetricValue Rrmse(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels, double mean)
    {
        RequireRows(predictions, labels);
        if (double.IsNaN(mean)) return MetricValue.Undefined("the mean of the training labels is not known");
        double baseline = SquaredDistance(labels, mean);
        if (baseline == 0) return MetricValue.Undefined("all labels equal the mean of the training labels");
        return MetricValue.Of(Math.Sqrt(SquaredError(predictions, labels) / baseline));
    }

    private static double SquaredError(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += (predictions[row] - labels[row]) * (predictions[row] - labels[row]);
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<double> labels, double from)
    {
        double sum = 0;
        foreach (double label in labels)
            sum += (label - from) * (label - from);
        return sum;
    }

    private static void RequireRows(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        if (labels.IsEmpty) throw new ArgumentException("metrics need at least one row", nameof(labels));
        if (predictions.Length != labels.Length)
            throw new ArgumentException($"expected one prediction per label; got {predictions.Length} for {labels.Length}", nameof(predictions));
    }
}
