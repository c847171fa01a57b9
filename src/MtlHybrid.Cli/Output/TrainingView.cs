using MtlHybrid.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MtlHybrid.Cli.Output;

/// <summary>One picture of training for a terminal: how far, how fast, the losses, the groups.</summary>
internal sealed class TrainingView(IReadOnlyList<string> names)
{
    private const int MostTasks = 12;
    private const int LongestName = 30;
    private const int LinesAround = 10;
    private const int BarWidth = 20;

    /// <summary>Draws a report into the given number of columns and lines.</summary>
    public IRenderable Draw(TrainingProgress progress, int width, int height)
    {
        int tasks = Math.Min(names.Count, Math.Clamp(height - LinesAround, 1, MostTasks));
        return new Rows(
            Headline(progress),
            new Text($"learning rate {NumberText.Of(progress.LearningRate)}   validation score {NumberText.Of(progress.ValidationScore)}"),
            Losses(progress, tasks),
            new Text($"groups: {GroupText.Of(progress.Groups, names, 2 * width - 16)}"));
    }

    private static Paragraph Headline(TrainingProgress progress)
    {
        int full = (int)Math.Round(Math.Clamp(progress.Fraction, 0, 1) * BarWidth);
        string of = progress.Epochs is { } epochs ? $"/{epochs}" : "";
        string left = progress.Remaining is { } remaining && remaining > TimeSpan.Zero ? $", {NumberText.Of(remaining)} left" : "";
        return new Paragraph()
            .Append($"epoch {progress.Epoch}{of}   ")
            .Append(new string('━', full), new Style(Color.Green))
            .Append(new string('━', BarWidth - full), new Style(Color.Grey))
            .Append($" {progress.Fraction * 100:0} %   {progress.BatchesPerSecond:0} batches/s   {NumberText.Of(progress.Elapsed)}{left}");
    }

    // With more tasks than fit, those with the largest validation loss: where there is something to see.
    private Table Losses(TrainingProgress progress, int count)
    {
        int[] all = [.. Enumerable.Range(0, names.Count)];
        int[] shown = count == names.Count
            ? all
            : [.. all.OrderByDescending(task => double.IsNaN(progress.ValidationLosses[task]) ? double.NegativeInfinity : progress.ValidationLosses[task]).Take(count).Order()];
        Table table = Tables.Create("task", "train loss", "validation loss", "group");
        foreach (int task in shown) Add(table, names[task], progress.TrainLosses[task], progress.ValidationLosses[task], string.Join(", ", progress.Groups.GroupsOf(task).Select(group => group + 1)));
        if (shown.Length < names.Count) Add(table, $"... {names.Count - shown.Length} more", double.NaN, double.NaN, "");
        if (names.Count > 1) Add(table, "mean", Mean(progress.TrainLosses), Mean(progress.ValidationLosses), "");
        return table;
    }

    private static void Add(Table table, string name, double train, double validation, string group) => table.AddRow(
        new Text(Tables.Shorten(name, LongestName)), new Text(NumberText.Of(train)), new Text(NumberText.Of(validation)), new Text(group));

    private static double Mean(IReadOnlyList<double> losses) => losses.Where(loss => !double.IsNaN(loss)).DefaultIfEmpty(double.NaN).Average();
}
