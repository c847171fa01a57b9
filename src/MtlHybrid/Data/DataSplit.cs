namespace MtlHybrid.Data;

/// <summary>Row indices of the three parts, ascending; no row is in two parts.</summary>
/// <param name="Train">Rows to learn from; never empty.</param>
/// <param name="Validation">Rows to stop and choose by; empty when no fraction is asked for.</param>
/// <param name="Test">Rows to judge by; empty when no fraction is asked for.</param>
public sealed record DataSplit(int[] Train, int[] Validation, int[] Test);
