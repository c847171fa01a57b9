namespace MtlHybrid.Evaluation;

/// <summary>How often each class was predicted for each class, and the metrics that follow from these counts.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;
    private readonly long[] _actual;
    private readonly long[] _predicted;
    private readonly long _rows;

    /// <summary>Counts the rows.</summary>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="predicted">Predicted class index per row.</param>
    /// <param name="labels">True class index per row; none missing.</param>
    public ConfusionMatrix(int classes, ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.IsEmpty) throw new ArgumentException("metrics need at least one row", nameof(labels));
        if (predicted.Length != labels.Length)
            throw new ArgumentException($"expected one prediction per label; got {predicted.Length} for {labels.Length}", nameof(predicted));
        _counts = new long[classes, classes];
        _actual = new long[classes];
        _predicted = new long[classes];
        _rows = labels.Length;
        for (int row = 0; row < labels.Length; row++)
        {
            _counts[labels[row], predicted[row]]++;
            _actual[labels[row]]++;
            _predicted[predicted[row]]++;
        }
    }

    /// <summary>Rows of class <paramref name="actual"/> that were predicted to be of class <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Number of classes.</summary>
    public int Classes => _actual.Length;

    /// <summary>Share of right answers.</summary>
    public MetricValue Accuracy()
    {
        long right = 0;
        for (int c = 0; c < Classes; c++)
            right += _counts[c, c];
        return MetricValue.Of((double)right / _rows);
    }

    /// <summary>Recall averaged over the classes that occur among the labels; undefined where only one does.</summary>
    public MetricValue BalancedAccuracy()
    {
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < Classes; c++)
        {
            if (_actual[c] == 0) continue;
            occurring++;
            sum += (double)_counts[c, c] / _actual[c];
        }

        if (occurring == 1) return MetricValue.Undefined("all labels are of one class");
        return MetricValue.Of(sum / occurring, ClassRemark(occurring, Classes));
    }

    /// <summary>F1 of one class: 2 TP / (2 TP + FP + FN); undefined where the class is neither present nor predicted.</summary>
    public MetricValue F1(int positiveClass)
    {
        long involved = _actual[positiveClass] + _predicted[positiveClass];
        return involved == 0
            ? MetricValue.Undefined("no row is positive and none was predicted to be")
            : MetricValue.Of(2.0 * _counts[positiveClass, positiveClass] / involved);
    }

    /// <summary>F1 averaged over the classes that are present or predicted.</summary>
    public MetricValue MacroF1()
    {
        double sum = 0;
        int counted = 0;
        for (int c = 0; c < Classes; c++)
        {
            MetricValue f1 = F1(c);
            if (!f1.IsDefined) continue;
            sum += f1.Value;
            counted++;
        }

        return MetricValue.Of(sum / counted, ClassRemark(counted, Classes));
    }

    internal static string? ClassRemark(int counted, int classes) =>
        counted == classes ? null : $"averaged over {counted} of {classes} classes: the others do not occur";
}
