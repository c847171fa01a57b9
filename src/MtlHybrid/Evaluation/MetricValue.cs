namespace MtlHybrid.Evaluation;

/// <summary>The value of a metric, or why it has none.</summary>
/// <param name="Value">NaN where the metric is undefined.</param>
/// <param name="Remark">Why the value is undefined, or what to know about it ("averaged over 3 of 4 classes"); else null.</param>
public readonly record struct MetricValue(double Value, string? Remark = null)
{
    /// <summary>Whether there is a value.</summary>
    public bool IsDefined => !double.IsNaN(Value);

    internal static MetricValue Undefined(string reason) => new(double.NaN, reason);

    /// <summary>A computed value; one that overflowed is undefined.</summary>
    internal static MetricValue Of(double value, string? remark = null) =>
        double.IsFinite(value) ? new MetricValue(value, remark) : Undefined("the numbers are too large to compute with");
}
