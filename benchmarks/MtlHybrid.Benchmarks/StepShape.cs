namespace MtlHybrid.Benchmarks;

/// <summary>The size of one step.</summary>
/// <param name="Batch">Rows per batch.</param>
/// <param name="Hidden">Width of each of the three hidden layers.</param>
public sealed record StepShape(int Batch, int Hidden)
{
    /// <inheritdoc/>
    public override string ToString() => $"batch {Batch}, H {Hidden}";
}
