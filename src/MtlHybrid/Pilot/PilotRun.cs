namespace MtlHybrid.Pilot;

/// <summary>One contestant trained with one seed (for single-task networks: all its networks).</summary>
public sealed record PilotRun
{
    /// <summary>Most snapshots kept in <see cref="GroupHistory"/>.</summary>
    public const int MaximumSnapshots = 200;

    /// <summary>Seed of the split, the initial weights and the order of rows.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How the run ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>What the engine said where the run failed; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>All metrics on the test part in raw units, one dictionary per task; NaN where undefined. Empty
    /// dictionaries for tasks without scores (diverged, failed, cancelled, nothing to train on).</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, double>> Metrics { get; init; }

    /// <summary>delta-m against the single-task networks of the same seed, in percent, higher is better; NaN where it
    /// cannot be given.</summary>
    public double DeltaM { get; init; } = double.NaN;

    /// <summary>Gain of each task's headline metric over the single-task network of the same seed, in percent, higher is
    /// better; NaN for tasks that are not in <see cref="DeltaM"/>. Empty where delta-m cannot be given.</summary>
    public IReadOnlyList<double> Gains { get; init; } = [];

    /// <summary>Wall time, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Batches trained, summed over the networks.</summary>
    public required long Batches { get; init; }

    /// <summary>Optimizer steps taken, summed over the networks.</summary>
    public required long OptimizerSteps { get; init; }

    /// <summary>Epochs trained; for single-task networks those of the longest.</summary>
    public required int Epochs { get; init; }

    /// <summary>Losses over the epochs.</summary>
    public required LearningCurve Curve { get; init; }

    /// <summary>Task groups over time, thinned to <see cref="MaximumSnapshots"/>; empty for contestants that do not group.</summary>
    public IReadOnlyList<GroupSnapshot> GroupHistory { get; init; } = [];

    /// <summary>How often the groups changed, before thinning.</summary>
    public int GroupChanges { get; init; }

    /// <summary>Groups at the end; null for contestants that do not group.</summary>
    public int[][]? FinalGroups { get; init; }
}
