using MtlHybrid.Evaluation;

namespace MtlHybrid.Pilot;

/// <summary>
/// A candidate against one baseline, paired by seed, in points of delta-m. The interval and the p-value come from
/// Student's t distribution with n - 1 degrees of freedom and the corrected variance of Nadeau and Bengio (2003): when
/// every seed draws its own split, the training parts overlap and the plain paired test is too sure of itself.
/// </summary>
public sealed record PairedComparison
{
    /// <summary>Id of the candidate.</summary>
    public required string Candidate { get; init; }

    /// <summary>Id of the baseline.</summary>
    public required string Baseline { get; init; }

    /// <summary>Candidate's delta-m minus the baseline's, percent, one per seed that has both.</summary>
    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Mean difference and its spread over the seeds.</summary>
    public required MeanAndSpread Difference { get; init; }

    /// <summary>Lower end of the 95 % interval of the mean difference; NaN with fewer than two seeds.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper end of the 95 % interval of the mean difference; NaN with fewer than two seeds.</summary>
    public required double Upper { get; init; }

    /// <summary>Two-sided p-value of "no difference"; NaN with fewer than two seeds.</summary>
    public required double PValue { get; init; }

    /// <summary>Whether the interval lies above 0.</summary>
    public bool IsBetter => Lower > 0;

    /// <summary>Whether the interval lies below 0.</summary>
    public bool IsWorse => Upper < 0;
}
