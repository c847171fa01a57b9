namespace MtlHybrid.Data;

/// <summary>What the reader of a table is asked to do with one column.</summary>
/// <param name="Reading">How its cells are to be understood.</param>
/// <param name="TextRemedy">What to do if text in the column is right after all: a clause for the error message, ending in "; ".</param>
internal readonly record struct ColumnRequest(ColumnReading Reading, string TextRemedy = "")
{
    public static ColumnRequest Skip => new(ColumnReading.Skip);

    public static ColumnRequest Categories => new(ColumnReading.Categories);
}
