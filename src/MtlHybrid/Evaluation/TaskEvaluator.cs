using MtlHybrid.Data;

namespace MtlHybrid.Evaluation;

/// <summary>Computes all metrics of a task. What cannot be computed (no labels, one class only) is NaN with a remark, never an
/// exception.</summary>
public static class TaskEvaluator
{
    /// <summary>The metrics of one task.</summary>
    /// <param name="task">The task; its kind says which metrics.</param>
    /// <param name="predictions">Regression: the value, [rows]. Binary: the probability of the positive class, [rows]; above 0.5
    /// counts as predicted positive. Multi-class: a probability per class, [rows, classes] row-major; the largest is predicted,
    /// the first of equal ones.</param>
    /// <param name="labels">[rows]; regression: in the units of the predictions; else the class index. NaN: no label, the row is
    /// left out.</param>
    /// <param name="trainingMean">Regression: mean of the training labels, for the relative RMSE; NaN: not known.</param>
    /// <remarks>A multi-class ROC AUC or average precision is the mean over the classes that occur, each against all
    /// others.</remarks>
    /// <exception cref="ArgumentException">Lengths that do not fit, or a label that is no class index of the task.</exception>
    public static TaskScores Evaluate(TaskDefinition task, ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels,
        double trainingMean = double.NaN)
    {
        ArgumentNullException.ThrowIfNull(task);
        int width = task.OutputWidth;
        if (predictions.Length != (long)labels.Length * width)
            throw new ArgumentException($"task {task.Name}: expected {labels.Length} x {width} predictions, got {predictions.Length}",
                nameof(predictions));

        int[] rows = LabelledRows(labels);
        double[] known = Select(labels, rows, 1), outputs = Select(predictions, rows, width);
        if (rows.Length == 0) return AllUndefined(task, 0, "no row has a label");
        int bad = Array.FindIndex(outputs, value => !double.IsFinite(value));
        if (bad >= 0) return AllUndefined(task, rows.Length, $"the prediction of row {rows[bad / width]} is {outputs[bad]}");
        return Collect(task, rows.Length, task.Kind switch
        {
            TaskKind.Regression => Regression(outputs, known, trainingMean),
            TaskKind.Binary => Binary(outputs, ClassIndices(task, known, 2)),
            _ => MultiClass(outputs, ClassIndices(task, known, width), width),
        });
    }

    /// <summary>The metrics of one classification task, with class indices as integers.</summary>
    /// <param name="task">A binary or multi-class task.</param>
    /// <param name="predictions">As above.</param>
    /// <param name="labels">[rows]; class index, or -1: no label.</param>
    public static TaskScores Evaluate(TaskDefinition task, ReadOnlySpan<double> predictions, ReadOnlySpan<int> labels)
    {
        double[] values = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
            values[row] = labels[row] == -1 ? double.NaN : labels[row];
        return Evaluate(task, predictions, values);
    }

    private static (Metric, MetricValue)[] Regression(double[] predictions, double[] labels, double trainingMean) =>
    [
        (MetricCatalog.Rmse, RegressionMetrics.Rmse(predictions, labels)),
        (MetricCatalog.Mae, RegressionMetrics.Mae(predictions, labels)),
        (MetricCatalog.R2, RegressionMetrics.R2(predictions, labels)),
        (MetricCatalog.Rrmse, RegressionMetrics.Rrmse(predictions, labels, trainingMean)),
    ];

    private static (Metric, MetricValue)[] Binary(double[] scores, int[] labels)
    {
        bool[] positive = Array.ConvertAll(labels, label => label == 1);
        var confusion = new ConfusionMatrix(2, Array.ConvertAll(scores, score => score > 0.5 ? 1 : 0), labels);
        return
        [
            (MetricCatalog.RocAuc, RankingMetrics.RocAuc(scores, positive)),
            (MetricCatalog.AveragePrecision, RankingMetrics.AveragePrecision(scores, positive)),
            (MetricCatalog.F1, confusion.F1(1)),
            (MetricCatalog.Accuracy, confusion.Accuracy()),
            (MetricCatalog.BalancedAccuracy, confusion.BalancedAccuracy()),
        ];
    }

    private static (Metric, MetricValue)[] MultiClass(double[] scores, int[] labels, int classes)
    {
        int[] predicted = new int[labels.Length];
        for (int row = 0; row < labels.Length; row++)
            for (int c = 1; c < classes; c++)
                if (scores[row * classes + c] > scores[row * classes + predicted[row]])
                    predicted[row] = c;
        var confusion = new ConfusionMatrix(classes, predicted, labels);
        return
        [
            (MetricCatalog.Accuracy, confusion.Accuracy()),
            (MetricCatalog.BalancedAccuracy, confusion.BalancedAccuracy()),
            (MetricCatalog.F1, confusion.MacroF1()),
            (MetricCatalog.RocAuc, OneAgainstRest(RankingMetrics.RocAuc, scores, labels, classes)),
            (MetricCatalog.AveragePrecision, OneAgainstRest(RankingMetrics.AveragePrecision, scores, labels, classes)),
        ];
    }

    private delegate MetricValue Ranking(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive);

    private static MetricValue OneAgainstRest(Ranking ranking, double[] scores, int[] labels, int classes)
    {
        double sum = 0;
        int counted = 0;
        double[] column = new double[labels.Length];
        bool[] positive = new bool[labels.Length];
        for (int c = 0; c < classes; c++)
        {
            for (int row = 0; row < labels.Length; row++)
            {
                column[row] = scores[row * classes + c];
                positive[row] = labels[row] == c;
            }

            MetricValue value = ranking(column, positive);
            if (!value.IsDefined) continue;
            sum += value.Value;
            counted++;
        }

        return counted == 0
            ? MetricValue.Undefined("all labels are of one class")
            : MetricValue.Of(sum / counted, ConfusionMatrix.ClassRemark(counted, classes));
    }

    private static TaskScores AllUndefined(TaskDefinition task, int rows, string reason) =>
        Collect(task, rows, [.. MetricCatalog.For(task.Kind).Select(metric => (metric, MetricValue.Undefined(reason)))]);

    private static TaskScores Collect(TaskDefinition task, int rows, (Metric Metric, MetricValue Value)[] values)
    {
        var metrics = new OrderedDictionary<string, double>();
        var remarks = new OrderedDictionary<string, string>();
        foreach ((Metric metric, MetricValue value) in values)
        {
            metrics.Add(metric.Name, value.Value);
            if (value.Remark is not null) remarks.Add(metric.Name, value.Remark);
        }

        return new TaskScores(task, rows, metrics, remarks);
    }

    private static int[] LabelledRows(ReadOnlySpan<double> labels)
    {
        var rows = new List<int>(labels.Length);
        for (int row = 0; row < labels.Length; row++)
            if (!double.IsNaN(labels[row]))
                rows.Add(row);
        return [.. rows];
    }

    private static double[] Select(ReadOnlySpan<double> values, int[] rows, int width)
    {
        double[] selected = new double[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
            values.Slice(rows[i] * width, width).CopyTo(selected.AsSpan(i * width));
        return selected;
    }

    private static int[] ClassIndices(TaskDefinition task, double[] labels, int classes) => Array.ConvertAll(labels, label =>
        label >= 0 && label < classes && label == Math.Floor(label)
            ? (int)label
            : throw new ArgumentException($"task {task.Name}: label {label} is no class index in 0 ... {classes - 1}"));
}
