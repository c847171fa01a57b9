namespace MtlHybrid.Data;

/// <summary>What the reader of a table is asked to do with one column.</summary>
/// <param name="Reading">How its cells are to be understood.</param>
/// <param name="TextRemedy">What the user can do where text among numbers is right after all, for the error message; null when nothing.</param>
internal readonly record struct ColumnRequest(ColumnReading Reading, string? TextRemedy = null)
{
    public static ColumnRequest Skip => new(ColumnReading.Skip);

    public static ColumnRequest Categories => new(ColumnReading.Categories);
}
