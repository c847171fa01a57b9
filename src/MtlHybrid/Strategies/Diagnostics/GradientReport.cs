namespace MtlHybrid.Strategies.Diagnostics;

/// <summary>How the task gradients lay to each other, means over the batches that were measured; see
/// <see cref="GradientStatistics"/> for what the numbers mean. NaN where nothing defined a number.</summary>
public sealed record GradientReport
{
    /// <summary>Batches measured.</summary>
    public required long Batches { get; init; }

    /// <summary>Batches whose inner products were not finite; they count nowhere else.</summary>
    public required long NotFinite { get; init; }

    /// <summary>Mean cosine over pairs and batches.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>Share of conflicting pairs, in [0, 1].</summary>
    public required double ConflictShare { get; init; }

    /// <summary>Magnitude similarity, in [0, 1].</summary>
    public required double MagnitudeSimilarity { get; init; }

    /// <summary>Condition number, geometric mean over the batches.</summary>
    public required double ConditionNumber { get; init; }

    /// <summary>Smallest norm in the convex hull of the gradients.</summary>
    public required double MinimumNorm { get; init; }

    /// <summary>The same by the root mean square of the norms, in [0, 1].</summary>
    public required double Stationarity { get; init; }

    /// <summary>[K] norms of the gradients.</summary>
    public required IReadOnlyList<double> Norms { get; init; }

    /// <summary>[K] weights that the strategy gave the gradients of the shared layers; all NaN where it has none.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>[K][K] cosines; NaN for pairs that never had a label in one batch.</summary>
    public required double[][] Cosines { get; init; }
}
