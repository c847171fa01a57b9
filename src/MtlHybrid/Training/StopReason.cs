namespace MtlHybrid.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs or batches were run.</summary>
    Completed = 0,

    /// <summary>The validation score had not fallen for the patience.</summary>
    EarlyStopping = 1,

    /// <summary>The budget of optimizer steps was used up.</summary>
    StepBudget = 2,

    /// <summary>The budget of time was used up.</summary>
    TimeBudget = 3,

    /// <summary>Training was cancelled; the model is the best so far.</summary>
    Cancelled = 4,

    /// <summary>A loss was no longer finite; the model is the best from before.</summary>
    Diverged = 5,
}
