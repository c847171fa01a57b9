using MtlHybrid.Data;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>Trains one network of a pilot.</summary>
internal interface IContestantTrainer
{
    /// <summary>Describes the device that will be used; fails when there is none.</summary>
    string DescribeDevice(TrainingOptions options);

    /// <summary>Trains, and tests once.</summary>
    TrainedContestant Train(TrainingOptions options, MultiTaskData data, DataSplit split, IProgress<double> progress, CancellationToken cancellation);
}
