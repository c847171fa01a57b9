using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Training;

/// <summary>What a training run gave. Owns the model.</summary>
public sealed class TrainingResult : IDisposable
{
    /// <summary>The model with the best weights.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>What happened on the way.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>The options of the run.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Which rows trained, validated and tested.</summary>
    public required DataSplit Split { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Metrics per task on the validation part, in raw units; empty without a validation part.</summary>
    public required IReadOnlyList<TaskScores> Validation { get; init; }

    /// <summary>Metrics per task on the test part, in raw units; empty without a test part.</summary>
    public required IReadOnlyList<TaskScores> Test { get; init; }

    /// <summary>Time from start to end, evaluation included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Batches that were run.</summary>
    public required long Batches { get; init; }

    /// <summary>Optimizer steps on the trunk.</summary>
    public required long OptimizerSteps { get; init; }

    /// <summary>Remarks for people (a batch size larger than the data, no early stopping without validation part, ...).</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What the device did from the first batch to the last score; null without <see cref="TrainingOptions.TraceEvents"/>.</summary>
    public DeviceTrace? Trace { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
