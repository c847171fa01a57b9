namespace MtlHybrid.Data;

/// <summary>How rows are dealt to the parts of a split.</summary>
public enum SplitMethod
{
    /// <summary>By chance.</summary>
    Random,

    /// <summary>By chance, with the labels in the same proportions in every part (see <see cref="Splitter"/>).</summary>
    Stratified,

    /// <summary>By chance, rows with one value of a group column staying together.</summary>
    Group,

    /// <summary>As they stand: the first rows train, the next validate, the last test.</summary>
    Order,
}
