using CsCheck;
using MtlHybrid.Data;
using MtlHybrid.Evaluation;
using Xunit;

namespace MtlHybrid.Tests.Evaluation;

public sealed class TaskEvaluatorTests
{
    private static readonly TaskDefinition Regression = TaskDefinition.Regression("moisture");
    private static readonly TaskDefinition Binary = TaskDefinition.Binary("failure");
    private static readonly TaskDefinition Three = TaskDefinition.MultiClass("state", 3);

    [Fact]
    public void Regression_by_hand()
    {
        // Errors 1, -2, 2 (the row without a label does not count); labels 1, 4, 7.
        TaskScores scores = TaskEvaluator.Evaluate(Regression, [2, 2, 100, 9], [1, 4, double.NaN, 7], trainingMean: 1);
        Assert.Equal(3, scores.Rows);
        Assert.Equal(Math.Sqrt(3), scores.Metrics["rmse"], 1e-15);
        Assert.Equal(5.0 / 3, scores.Metrics["mae"], 1e-15);
        Assert.Equal(1 - 9.0 / 18, scores.Metrics["r2"], 1e-15);
        Assert.Equal(Math.Sqrt(9.0 / 45), scores.Metrics["rrmse"], 1e-15);
        Assert.Empty(scores.Remarks);
        Assert.Equal(scores.Metrics["rmse"], scores.HeadlineValue);
    }

    [Fact]
    public void Binary_by_hand()
    {
        // Positives .9 .5 .4, negatives .5 .1: pairs won 2 + (0.5 + 1) + 1 of 6; 0.5 is not above the threshold.
        TaskScores scores = TaskEvaluator.Evaluate(Binary, [0.9, 0.5, 0.4, 0.5, 0.1, 0.7], [1, 1, 1, 0, 0, -1]);
        Assert.Equal(4.5 / 6, scores.Metrics["roc_auc"], 1e-15);
        // Thresholds .9: recall 1/3, precision 1; .5: 2/3, 2/3; .4: 1, 3/4.
        Assert.Equal((1 + 2.0 / 3 + 3.0 / 4) / 3, scores.Metrics["average_precision"], 1e-15);
        Assert.Equal(3.0 / 5, scores.Metrics["accuracy"], 1e-15);
        Assert.Equal((1.0 / 3 + 1) / 2, scores.Metrics["balanced_accuracy"], 1e-15);
        Assert.Equal(2.0 / (2 + 0 + 2), scores.Metrics["f1"], 1e-15);
    }

    [Fact]
    public void Multi_class_by_hand()
    {
        // Predicted 0 1 1 2, true 0 1 2 2.
        TaskScores scores = TaskEvaluator.Evaluate(Three,
            [0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.1, 0.5, 0.4, 0.2, 0.2, 0.6], [0, 1, 2, 2]);
        Assert.Equal(0.75, scores.HeadlineValue, 1e-15);
        Assert.Equal((1 + 1 + 0.5) / 3, scores.Metrics["balanced_accuracy"], 1e-15);
        Assert.Equal((1 + 2.0 / 3 + 2.0 / 3) / 3, scores.Metrics["f1"], 1e-15);
        Assert.Equal(1, scores.Metrics["roc_auc"], 1e-15);
    }

    [Theory]
    [InlineData(TaskKind.Regression)]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    public void Without_labels_every_metric_is_undefined_with_a_reason(TaskKind kind)
    {
        TaskDefinition task = Task(kind);
        double[] predictions = new double[2 * task.OutputWidth];
        foreach (double[] labels in new[] { [], new[] { double.NaN, double.NaN } })
        {
            TaskScores scores = TaskEvaluator.Evaluate(task, predictions.AsSpan(0, labels.Length * task.OutputWidth), labels);
            Assert.Equal(0, scores.Rows);
            Assert.Equal(MetricCatalog.For(kind).Select(metric => metric.Name), scores.Metrics.Keys);
            Assert.All(scores.Metrics, metric => Assert.True(double.IsNaN(metric.Value)));
            Assert.All(scores.Metrics, metric => Assert.Equal("no row has a label", scores.Remarks[metric.Key]));
        }
    }

    [Theory]
    [InlineData(TaskKind.Regression, double.NaN)]
    [InlineData(TaskKind.Binary, double.PositiveInfinity)]
    [InlineData(TaskKind.MultiClass, double.NaN)]
    public void A_prediction_that_is_not_finite_makes_the_metrics_undefined_and_names_the_row(TaskKind kind, double bad)
    {
        TaskDefinition task = Task(kind);
        double[] predictions = new double[4 * task.OutputWidth];
        predictions[2 * task.OutputWidth] = bad;
        TaskScores scores = TaskEvaluator.Evaluate(task, predictions, [0, double.NaN, 1, 0]);
        Assert.All(scores.Metrics, metric => Assert.True(double.IsNaN(metric.Value)));
        Assert.All(scores.Remarks.Values, remark => Assert.Contains("row 2", remark));
        Assert.True(double.IsFinite(TaskEvaluator.Evaluate(task, predictions, [0, 1, double.NaN, 0]).HeadlineValue), "a row without a label does not count");
    }

    [Theory]
    [InlineData(0, "no label is positive", new[] { "roc_auc", "average_precision", "balanced_accuracy" })]
    [InlineData(1, "all labels are positive", new[] { "roc_auc", "balanced_accuracy" })]
    public void With_one_class_only_what_compares_classes_is_undefined(int label, string reason, string[] undefined)
    {
        TaskScores scores = TaskEvaluator.Evaluate(Binary, [0.2, 0.9], [label, label]);
        Assert.Equal(undefined, scores.Metrics.Where(metric => double.IsNaN(metric.Value)).Select(metric => metric.Key));
        Assert.Equal(reason, scores.Remarks["roc_auc"]);
        Assert.Equal(0.5, scores.Metrics["accuracy"]);
    }

    [Fact]
    public void F1_without_any_positive_is_undefined_rather_than_zero()
    {
        TaskScores scores = TaskEvaluator.Evaluate(Binary, [0.2, 0.3], [0, 0]);
        Assert.True(double.IsNaN(scores.Metrics["f1"]));
        Assert.Contains("positive", scores.Remarks["f1"]);
    }

    [Fact]
    public void Absent_classes_are_left_out_of_averages_and_said_so()
    {
        TaskScores scores = TaskEvaluator.Evaluate(Three, [0.6, 0.3, 0.1, 0.2, 0.7, 0.1], [0, 1]);
        Assert.Equal(1, scores.Metrics["roc_auc"]);
        foreach (string metric in new[] { "balanced_accuracy", "f1", "roc_auc", "average_precision" })
            Assert.Contains("2 of 3 classes", scores.Remarks[metric]);
    }

    [Fact]
    public void Equal_labels_leave_r2_undefined()
    {
        TaskScores scores = TaskEvaluator.Evaluate(Regression, [0.1, 0.2, 0.4], [0.1, 0.1, 0.1], trainingMean: 0.1);
        Assert.Equal(["r2", "rrmse"], scores.Remarks.Keys);
        Assert.True(double.IsNaN(scores.Metrics["r2"]));
        Assert.True(double.IsNaN(scores.Metrics["rrmse"]));
    }

    [Fact]
    public void Without_the_training_mean_the_relative_error_is_undefined() =>
        Assert.Contains("training labels is not known", TaskEvaluator.Evaluate(Regression, [1, 2], [1, 3]).Remarks["rrmse"]);

    [Fact]
    public void Numbers_too_large_to_square_are_undefined_rather_than_infinite()
    {
        TaskScores scores = TaskEvaluator.Evaluate(Regression, [1e200, -1e200], [0, 1]);
        Assert.True(double.IsNaN(scores.HeadlineValue));
        Assert.Contains("too large", scores.Remarks["rmse"]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    [InlineData(0.5)]
    public void A_label_that_is_no_class_is_an_error(double label) => Assert.Contains("task state",
        Assert.Throws<ArgumentException>(() => TaskEvaluator.Evaluate(Three, new double[6], [0, label])).Message);

    [Fact]
    public void Predictions_of_another_length_are_an_error() => Assert.Contains("2 x 3",
        Assert.Throws<ArgumentException>(() => TaskEvaluator.Evaluate(Three, new double[5], [0, 1.0])).Message);

    [Fact]
    public void The_order_of_rows_does_not_matter() =>
        Gen.Select(Gen.Enum<TaskKind>(), Gen.Int[2, 20], Gen.Int[0, 1000]).Sample((kind, rows, seed) =>
        {
            TaskDefinition task = Task(kind);
            var random = new Random(seed);
            int width = task.OutputWidth;
            double[] predictions = [.. Enumerable.Range(0, rows * width).Select(_ => Math.Floor(random.NextDouble() * 8) / 8)];
            double[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? double.NaN : random.Next(Math.Max(2, width)))];
            int[] order = [.. Enumerable.Range(0, rows)];
            random.Shuffle(order);
            TaskScores scores = TaskEvaluator.Evaluate(task, predictions, labels, 0.3);
            TaskScores shuffled = TaskEvaluator.Evaluate(task,
                [.. order.SelectMany(row => predictions[(row * width)..((row + 1) * width)])], [.. order.Select(row => labels[row])], 0.3);
            return scores.Metrics.All(metric => double.IsNaN(metric.Value)
                ? double.IsNaN(shuffled.Metrics[metric.Key])
                : Math.Abs(metric.Value - shuffled.Metrics[metric.Key]) <= 1e-12);
        });

    [Fact]
    public void The_average_over_tasks_is_the_arrmse_and_names_what_is_missing()
    {
        TaskScores a = TaskEvaluator.Evaluate(Regression, [2, 2, 9], [1, 4, 7], 1), b = TaskEvaluator.Evaluate(Regression, [0, 0], [1, -1], 0);
        MetricValue both = TaskAverage.Of([a, b, TaskEvaluator.Evaluate(Binary, [0.1], [0.0])], MetricCatalog.Rrmse);
        Assert.Equal((Math.Sqrt(0.2) + 1) / 2, both.Value, 1e-15);
        Assert.Null(both.Remark);

        TaskScores undefined = TaskEvaluator.Evaluate(TaskDefinition.Regression("fat"), [1, 2], [1, 3]);
        MetricValue one = TaskAverage.Of([b, undefined], MetricCatalog.Rrmse);
        Assert.Equal(1, one.Value, 1e-15);
        Assert.Contains("fat", one.Remark);
        Assert.False(TaskAverage.Of([undefined], MetricCatalog.Rrmse).IsDefined);
    }

    private static TaskDefinition Task(TaskKind kind) => kind switch
    {
        TaskKind.Regression => Regression,
        TaskKind.Binary => Binary,
        _ => Three,
    };
}
