namespace MtlHybrid.Pilot;

/// <summary>How the training of one contestant with one seed ended.</summary>
public enum RunOutcome
{
    /// <summary>It ran to its end (or to early stopping, or to its budget); its scores count.</summary>
    Finished = 0,

    /// <summary>A loss or weight became NaN or infinite; the run has no scores.</summary>
    Diverged = 1,

    /// <summary>The pilot was cancelled meanwhile; what was reached is kept, but counts in no statistic.</summary>
    Cancelled = 2,

    /// <summary>The engine refused to go on; the run has no scores. <see cref="PilotRun.Error"/> says why.</summary>
    Failed = 3,
}
