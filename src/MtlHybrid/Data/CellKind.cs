namespace MtlHybrid.Data;

/// <summary>What the text of one cell is.</summary>
internal enum CellKind
{
    Missing,
    Number,

    /// <summary>A number that no double can hold, or the word for it.</summary>
    Infinite,
    Text,
}
