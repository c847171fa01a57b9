using MtlHybrid.Evaluation;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>What the pilot keeps of one training run; the network itself is not kept.</summary>
internal sealed record TrainedContestant(
    StopReason StopReason,
    IReadOnlyList<TaskScores> Test,
    TrainingHistory History,
    double Seconds,
    long Batches,
    long OptimizerSteps,
    IReadOnlyList<string> Notes);
