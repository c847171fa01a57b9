using MtlHybrid.Training;

namespace MtlHybrid.Cli.Output;

/// <summary>Progress as plain lines: ends of epochs, and not more than one line in a while.</summary>
internal sealed class TrainingLines(Terminal terminal, IReadOnlyList<string> names, TimeProvider time) : IProgress<TrainingProgress>
{
    private const int TasksInFull = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private long? _lastLine;
    private TrainingProgress? _unsaid;

    public void Report(TrainingProgress value)
    {
        _unsaid = value;
        if (_lastLine is { } last ? time.GetElapsedTime(last) >= Pause : value.EpochEnded) SayIt();
    }

    /// <summary>Says the last report, if it was held back.</summary>
    public void Finish()
    {
        if (_unsaid is not null) SayIt();
    }

    private void SayIt()
    {
        TrainingProgress progress = _unsaid!;
        _unsaid = null;
        _lastLine = time.GetTimestamp();
        string of = progress.Epochs is { } epochs ? $"/{epochs}" : "";
        string left = progress.Remaining is { } remaining && remaining > TimeSpan.Zero ? $", {NumberText.Of(remaining)} left" : "";
        terminal.Say(
            $"epoch {progress.Epoch}{of}, batch {progress.Batch}: train loss {Losses(progress.TrainLosses)}, validation loss {Losses(progress.ValidationLosses)}, "
            + $"{GroupText.Of(progress.Groups, names, 100)}, {progress.BatchesPerSecond:0} batches/s{left}");
    }

    private string Losses(IReadOnlyList<double> losses)
    {
        double[] known = [.. losses.Where(loss => !double.IsNaN(loss))];
        if (known.Length == 0) return "-";
        string mean = NumberText.Of(known.Average());
        return names.Count is > 1 and <= TasksInFull
            ? $"{mean} ({string.Join(", ", names.Select((name, task) => $"{name} {NumberText.Of(losses[task])}"))})"
            : mean;
    }
}
