namespace MtlHybrid.Reporting;

/// <summary>A cell of a <see cref="ReportTable"/>.</summary>
/// <param name="Text">What is written; not escaped for any output.</param>
/// <param name="IsBest">Whether this is the best value of its row.</param>
public sealed record ReportCell(string Text, bool IsBest = false)
{
    /// <summary>A cell that is not marked.</summary>
    public static implicit operator ReportCell(string text) => new(text);
}
