namespace MtlHybrid.Training;

/// <summary>Stops training when the validation score no longer falls. The score is the mean, over the tasks with labels
/// in the validation part, of the task's weight times its validation loss. Whenever there is a validation part, the
/// weights of the best epoch are the ones that are kept.</summary>
public sealed record EarlyStoppingOptions
{
    private const int DefaultBatches = 1000;

    /// <summary>Whether training may stop early.</summary>
    /// <value>On by default.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Epochs without improvement after which training stops.</summary>
    /// <value>At least 1; null by default: as many as make 1,000 batches, but at least 10.</value>
    public int? Patience { get; init; }

    /// <summary>By how much the score must fall to count as an improvement.</summary>
    /// <value>Finite and at least 0; 0 by default.</value>
    public double MinimumImprovement { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Patience is null or >= 1, nameof(Patience), "at least 1", Patience);
        InvalidOptionException.RequireAtLeast0(MinimumImprovement);
    }

    internal int PatienceFor(int batchesPerEpoch) => Patience ?? Math.Max(10, (DefaultBatches + batchesPerEpoch - 1) / batchesPerEpoch);
}
