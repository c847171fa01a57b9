namespace MtlHybrid.Data;

/// <summary>How a categorical input becomes a code: 1 + index in <paramref name="Categories"/>, 0 when missing or none of them.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Categories">The categories seen in the training rows, numbers in their one spelling.</param>
public sealed record CategoricalInput(string Name, IReadOnlyList<string> Categories);
