using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using MtlHybrid.Strategies;

namespace MtlHybrid.Training;

/// <summary>Everything a training run depends on besides the data; serialises to JSON as it is.</summary>
public sealed record TrainingOptions
{
    private const int DefaultBatches = 6000;

    /// <summary>Passes over the training part.</summary>
    /// <value>At least 1; null by default: as many as make 6,000 batches, but at least 30 and at most 2,000 (small data need more
    /// passes); without limit when batches or a budget are given.</value>
    public int? Epochs { get; init; }

    /// <summary>Batches to run.</summary>
    /// <value>At least 1; null by default: no limit.</value>
    public long? Steps { get; init; }

    /// <summary>Stops after this many optimizer steps on the trunk: a fair budget between strategies that take a different
    /// number of steps per batch.</summary>
    /// <value>At least 1; null by default: no limit.</value>
    public long? OptimizerStepBudget { get; init; }

    /// <summary>Stops after this much time spent in batches (validation not counted).</summary>
    /// <value>Above zero; null by default: no limit.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Rows per batch at most; limited to the training part. Shuffled rows are dealt into as few batches as needed, all of
    /// nearly one size; without shuffling the batches are full and the last one of an epoch is what is left.</summary>
    /// <value>At least 1; 64 by default.</value>
    public int BatchSize { get; init; } = 64;

    /// <summary>Full learning rate of the trunk.</summary>
    /// <value>Finite and above 0; 0.001 by default.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Whether the rows are shuffled anew for every epoch.</summary>
    /// <value>On by default.</value>
    public bool Shuffle { get; init; } = true;

    /// <summary>Seed of everything random: split, initial weights, dropout, order of rows and groups.</summary>
    /// <value>0 by default.</value>
    public ulong Seed { get; init; }

    /// <summary>The optimizer.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The learning-rate schedule.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Early stopping on the validation part.</summary>
    public EarlyStoppingOptions EarlyStopping { get; init; } = new();

    /// <summary>The network.</summary>
    public MlpOptions Model { get; init; } = new();

    /// <summary>Measures in every n-th batch how the gradients of the tasks lie to each other (cosines, conflicts, lengths, how far from
    /// Pareto stationary). A measured batch costs about (2 + 4K) / 6 steps of joint training more; training itself does not change.</summary>
    /// <value>At least 0; 0 by default: never.</value>
    public int DiagnosticsInterval { get; init; }

    /// <summary>Estimates what <see cref="DiagnosticsInterval"/> measures from so many random directions per batch, R, at (2 + 4R) / 6
    /// steps of joint training, whatever the number of tasks. All numbers are then those of the inner products averaged over the
    /// measured batches, instead of means of each batch's numbers; with fewer than about 100 directions in all they are noise.</summary>
    /// <value>At least 0; 0 by default: exact, batch by batch.</value>
    public int DiagnosticsDirections { get; init; }

    /// <summary>The multi-task strategy.</summary>
    /// <value>Selective task group updates by default.</value>
    public StrategyOptions Strategy { get; init; } = new SelectiveOptions();

    /// <summary>How the rows are split.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where to compute.</summary>
    public DeviceOptions Device { get; init; } = new();

    /// <summary>Losses by task name; tasks that are not named have the default loss of their kind.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, LossSpecification> Losses { get; init; } = new Dictionary<string, LossSpecification>();

    /// <summary>A safetensors file with the weights to start from.</summary>
    /// <value>Null by default: random weights.</value>
    public string? InitialWeights { get; init; }

    /// <summary>Records what the device does, for <see cref="TrainingResult.Trace"/>: room for so many events, about 128 bytes each, of
    /// which the latest are kept. Results do not change.</summary>
    /// <value>0 to <see cref="Engine.Device.MostTraceEvents"/>; 0 by default: nothing is recorded.</value>
    public int TraceEvents { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        InvalidOptionException.Require(Epochs is null or >= 1, nameof(Epochs), "at least 1", Epochs);
        InvalidOptionException.Require(Steps is null or >= 1, nameof(Steps), "at least 1", Steps);
        InvalidOptionException.Require(OptimizerStepBudget is null or >= 1, nameof(OptimizerStepBudget), "at least 1", OptimizerStepBudget);
        InvalidOptionException.Require(TimeBudget is null || TimeBudget > TimeSpan.Zero, nameof(TimeBudget), "above zero", TimeBudget);
        InvalidOptionException.Require(BatchSize is >= 1 and <= 1 << 20, nameof(BatchSize), "between 1 and 1048576", BatchSize);
        InvalidOptionException.RequireAbove0(LearningRate);
        InvalidOptionException.Require(DiagnosticsInterval >= 0, nameof(DiagnosticsInterval), "at least 0", DiagnosticsInterval);
        InvalidOptionException.Require(DiagnosticsDirections >= 0, nameof(DiagnosticsDirections), "at least 0", DiagnosticsDirections);
        InvalidOptionException.Require(
            TraceEvents is >= 0 and <= Engine.Device.MostTraceEvents, nameof(TraceEvents), $"between 0 and {Engine.Device.MostTraceEvents}", TraceEvents);
        InvalidOptionException.Require(InitialWeights is null or { Length: > 0 }, nameof(InitialWeights), "the name of a file", "nothing");
        Optimizer.Validate();
        Schedule.Validate();
        EarlyStopping.Validate();
        Model.Validate();
        Strategy.Validate();
        Split.Validate();
        Device.Validate();
        foreach (LossSpecification loss in Losses.Values) loss.Validate();
    }

    /// <summary>Epochs to run at most; null when batches or a budget are the only limit.</summary>
    internal int? EpochLimit(int batchesPerEpoch)
    {
        if (Epochs is not null) return Epochs;
        bool limited = Steps is not null || OptimizerStepBudget is not null || TimeBudget is not null;
        return limited ? null : Math.Clamp((DefaultBatches + batchesPerEpoch - 1) / batchesPerEpoch, 30, 2000);
    }
}
