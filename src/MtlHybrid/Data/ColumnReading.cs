namespace MtlHybrid.Data;

/// <summary>How the cells of a column are to be understood.</summary>
internal enum ColumnReading
{
    /// <summary>Not read.</summary>
    Skip,

    /// <summary>Numbers if all present values are numbers, else categories.</summary>
    Infer,

    /// <summary>Numbers; text is an error.</summary>
    Numbers,

    /// <summary>Categories, numbers included.</summary>
    Categories,
}
