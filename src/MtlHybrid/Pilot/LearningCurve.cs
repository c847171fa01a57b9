namespace MtlHybrid.Pilot;

/// <summary>
/// Losses over the epochs of one run, thinned to at most <see cref="MaximumPoints"/> points: a point is the mean of the
/// epochs since the point before. Losses are those of training
/// (regression targets standardised), averaged over the tasks that have one. For single-task networks the curves of the
/// networks are averaged; a network that stopped early enters with its last value.
/// </summary>
public sealed record LearningCurve
{
    /// <summary>Most points a curve keeps.</summary>
    public const int MaximumPoints = 60;

    /// <summary>Most tasks for which the validation loss of each task is kept.</summary>
    public const int MaximumTasks = 16;

    /// <summary>Last epoch of every point, from 1, ascending.</summary>
    public required IReadOnlyList<int> Epochs { get; init; }

    /// <summary>Mean training loss over the tasks, per point.</summary>
    public required IReadOnlyList<double> Train { get; init; }

    /// <summary>Mean validation loss over the tasks, per point.</summary>
    public required IReadOnlyList<double> Validation { get; init; }

    /// <summary>Validation loss, [task][point]; null with more than <see cref="MaximumTasks"/> tasks.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? TaskValidation { get; init; }

    /// <summary>Builds a curve from losses per epoch.</summary>
    /// <param name="train">Training losses, [epoch][task]; NaN where a task had none.</param>
    /// <param name="validation">Validation losses, [epoch][task]; NaN where a task had none.</param>
    public static LearningCurve FromEpochs(IReadOnlyList<double[]> train, IReadOnlyList<double[]> validation)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (train.Count != validation.Count)
            throw new ArgumentException($"expected {train.Count} epochs, got {validation.Count}", nameof(validation));
        int[] points = ThinnedIndices(train.Count, MaximumPoints);
        int tasks = validation.Count == 0 ? 0 : validation[0].Length;
        return new LearningCurve
        {
            Epochs = [.. points.Select(point => point + 1)],
            Train = Thinned(points, [.. train.Select(MeanOfFinite)]),
            Validation = Thinned(points, [.. validation.Select(MeanOfFinite)]),
            TaskValidation = tasks is 0 or > MaximumTasks
                ? null
                : [.. Enumerable.Range(0, tasks).Select(task => Thinned(points, [.. validation.Select(losses => losses[task])]))],
        };
    }

    /// <summary>At most <paramref name="most"/> of 0 ... count - 1, evenly spread, first and last always among them.</summary>
    internal static int[] ThinnedIndices(int count, int most)
    {
        if (count <= most) return [.. Enumerable.Range(0, count)];
        return [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1)))];
    }

    private static double[] Thinned(int[] points, double[] losses) =>
        [.. points.Select((point, i) => MeanOfFinite(losses.AsSpan((i == 0 ? -1 : points[i - 1]) + 1, point - (i == 0 ? -1 : points[i - 1]))))];

    private static double MeanOfFinite(double[] losses) => MeanOfFinite(losses.AsSpan());

    private static double MeanOfFinite(ReadOnlySpan<double> losses)
    {
        double sum = 0;
        int count = 0;
        foreach (double loss in losses)
        {
            if (!double.IsFinite(loss)) continue;
            sum += loss;
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
