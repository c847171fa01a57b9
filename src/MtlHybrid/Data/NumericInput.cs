namespace MtlHybrid.Data;

/// <summary>How a numeric input becomes a feature: (value - <paramref name="Mean"/>) / <paramref name="Scale"/>, 0 where missing.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Mean">Mean over the training rows that have a value.</param>
/// <param name="Scale">Population standard deviation over the same rows; above 0.</param>
/// <param name="HasIndicator">True when training rows lack values: a second feature is 1 where the value is missing, else 0.</param>
public sealed record NumericInput(string Name, double Mean, double Scale, bool HasIndicator);
