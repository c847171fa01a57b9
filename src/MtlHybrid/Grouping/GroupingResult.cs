namespace MtlHybrid.Grouping;

/// <summary>What a grouping decided.</summary>
/// <param name="Groups">The groups to use from now on.</param>
/// <param name="Remark">What a person should know about how they came about (for example that the clustering did not
/// converge and the groups in force were kept); null when all went as planned.</param>
public sealed record GroupingResult(TaskGroups Groups, string? Remark = null)
{
    /// <summary>What the groups were chosen for, higher is better; null for groupings that maximise nothing.</summary>
    public double? Score { get; init; }
}
