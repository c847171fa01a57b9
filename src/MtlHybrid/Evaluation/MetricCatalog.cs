using MtlHybrid.Data;

namespace MtlHybrid.Evaluation;

/// <summary>The list of metrics.</summary>
public static class MetricCatalog
{
    /// <summary>Root mean square error, in units of the target.</summary>
    public static Metric Rmse { get; } = new("rmse", false, "root mean square error, in units of the target");

    /// <summary>Mean absolute error, in units of the target.</summary>
    public static Metric Mae { get; } = new("mae", false, "mean absolute error, in units of the target");

    /// <summary>Coefficient of determination, at most 1.</summary>
    public static Metric R2 { get; } = new("r2", true, "share of the variance explained, at most 1");

    /// <summary>Relative root mean square error; see <see cref="RegressionMetrics.Rrmse"/>.</summary>
    public static Metric Rrmse { get; } = new("rrmse", false, "error relative to always predicting the training mean; 1 is as good as that");

    /// <summary>Share of right answers, in [0, 1].</summary>
    public static Metric Accuracy { get; } = new("accuracy", true, "share of right answers");

    /// <summary>Mean over the classes of the share of right answers, in [0, 1].</summary>
    public static Metric BalancedAccuracy { get; } = new("balanced_accuracy", true, "share of right answers, every class counting the same");

    /// <summary>Harmonic mean of precision and recall, in [0, 1].</summary>
    public static Metric F1 { get; } = new("f1", true, "harmonic mean of precision and recall; mean over the classes with more than two");

    /// <summary>Area under the receiver operating characteristic, in [0, 1].</summary>
    public static Metric RocAuc { get; } = new("roc_auc", true, "chance that a positive ranks above a negative; 0.5 is guessing");

    /// <summary>Average precision, in [0, 1].</summary>
    public static Metric AveragePrecision { get; } = new("average_precision", true, "precision averaged over the recall levels; for rare classes");

    private static readonly Metric[] RegressionList = [Rmse, Mae, R2, Rrmse];
    private static readonly Metric[] BinaryList = [RocAuc, AveragePrecision, F1, Accuracy, BalancedAccuracy];
    private static readonly Metric[] MultiClassList = [Accuracy, BalancedAccuracy, F1, RocAuc, AveragePrecision];

    /// <summary>All metrics.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. RegressionList.Union(MultiClassList)];

    /// <summary>The metrics of a kind of task, the headline first.</summary>
    public static IReadOnlyList<Metric> For(TaskKind kind) => kind switch
    {
        TaskKind.Regression => RegressionList,
        TaskKind.Binary => BinaryList,
        TaskKind.MultiClass => MultiClassList,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of task"),
    };

    /// <summary>The metric that stands for a task where one number must do, as in delta-m: RMSE for regression, ROC AUC for
    /// binary, accuracy for multi-class.</summary>
    public static Metric Headline(TaskKind kind) => For(kind)[0];
}
