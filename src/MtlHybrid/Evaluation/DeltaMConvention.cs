namespace MtlHybrid.Evaluation;

/// <summary>The two ways papers compute delta-m.</summary>
public enum DeltaMConvention
{
    /// <summary>Metrics are averaged inside their task first, then the tasks; positive: the multi-task model is better. The
    /// library's own.</summary>
    PerTaskHigherIsBetter = 0,

    /// <summary>One flat average over all metrics of all tasks; negative: the multi-task model is better.</summary>
    FlatLowerIsBetter = 1,
}
