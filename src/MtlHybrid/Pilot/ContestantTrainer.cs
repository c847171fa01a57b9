using Microsoft.Extensions.Logging;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>Trains with <see cref="Trainer"/>.</summary>
internal sealed class ContestantTrainer(ILogger? logger, TimeProvider time) : IContestantTrainer
{
    public string DescribeDevice(TrainingOptions options)
    {
        using Device device = Device.Open(options.Device);
        string threads = device.Description.Threads > 0 ? $", {device.Threads} threads" : "";
        string precision = device.Precision != ComputePrecision.Full ? $", {device.Precision}" : "";
        return $"{device.Description.Kind}: {device.Description.Name}{threads}{precision}"
            + (options.Device.Deterministic ? ", deterministic" : "");
    }

    public TrainedContestant Train(
        TrainingOptions options, MultiTaskData data, DataSplit split, IProgress<double> progress, CancellationToken cancellation)
    {
        using TrainingResult result = new Trainer(options, logger, time).Train(data, split, new FractionOf(progress), cancellation);
        return new TrainedContestant(
            result.StopReason, result.Test, result.History, result.Duration.TotalSeconds, result.Batches, result.OptimizerSteps, result.Notes);
    }

    /// <summary>Passes on the share that is done, on the thread that trains.</summary>
    private sealed class FractionOf(IProgress<double> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(value.Fraction);
    }
}
