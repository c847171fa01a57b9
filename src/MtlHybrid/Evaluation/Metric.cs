namespace MtlHybrid.Evaluation;

/// <summary>A measure of how good a task's predictions are.</summary>
/// <param name="Name">Name in files and tables.</param>
/// <param name="HigherIsBetter">Whether more is better; otherwise less is.</param>
/// <param name="Summary">What it measures, with its range, for people.</param>
public sealed record Metric(string Name, bool HigherIsBetter, string Summary);
