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

    /// <summary>[K][K] cosines; NaN for pairs that never had a label in one batch; empty where left out for their number.</summary>
    public required double[][] Cosines { get; init; }

    /// <summary>The mean of several runs; geometric for the condition number.</summary>
    /// <param name="reports">At least one, of the same tasks.</param>
    /// <param name="withCosines">Whether the cosines are kept.</param>
    internal static GradientReport Mean(IReadOnlyList<GradientReport> reports, bool withCosines)
    {
        int tasks = reports[0].Norms.Count;
        return new GradientReport
        {
            Batches = reports.Sum(report => report.Batches),
            NotFinite = reports.Sum(report => report.NotFinite),
            MeanCosine = Of(report => report.MeanCosine),
            ConflictShare = Of(report => report.ConflictShare),
            MagnitudeSimilarity = Of(report => report.MagnitudeSimilarity),
            ConditionNumber = Math.Exp(Of(report => Math.Log(report.ConditionNumber))),
            MinimumNorm = Of(report => report.MinimumNorm),
            Stationarity = Of(report => report.Stationarity),
            Norms = [.. Enumerable.Range(0, tasks).Select(task => Of(report => report.Norms[task]))],
            Weights = [.. Enumerable.Range(0, tasks).Select(task => Of(report => report.Weights[task]))],
            Cosines = withCosines
                ? [.. Enumerable.Range(0, tasks).Select(i => Enumerable.Range(0, tasks).Select(j => Of(report => report.Cosines[i][j])).ToArray())]
                : [],
        };

        double Of(Func<GradientReport, double> number) =>
            reports.Select(number).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }
}
