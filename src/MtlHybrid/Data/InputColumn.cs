namespace MtlHybrid.Data;

/// <summary>A column that predictions are made from.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="IsCategorical">True when its values are categories, false when they are numbers.</param>
public sealed record InputColumn(string Name, bool IsCategorical);
