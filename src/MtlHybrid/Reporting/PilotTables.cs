using MtlHybrid.Evaluation;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>The tables of a pilot.</summary>
public static class PilotTables
{
    /// <summary>Most tasks for which <see cref="Affinity"/> gives a table.</summary>
    public const int MaximumAffinityTasks = 20;

    /// <summary>More contestants than this are first shown as a <see cref="Ranking"/>.</summary>
    public const int FewContestants = 5;

    /// <summary>Mean and spread of the headline metric, one row per task, one column per contestant, the best mean marked;
    /// last row delta-m.</summary>
    /// <param name="result">The pilot.</param>
    /// <param name="shown">The contestants that get a column; null: all. The best is marked among all of them all the same.</param>
    public static ReportTable Scores(PilotResult result, IReadOnlyList<PilotContestant>? shown = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        shown ??= result.Contestants;
        var rows = new List<IReadOnlyList<ReportCell>>();
        for (int task = 0; task < result.Tasks.Count; task++)
        {
            PilotTask definition = result.Tasks[task];
            double best = Best([.. result.Contestants.Select(contestant => contestant.Scores[task].Mean)], definition.HigherIsBetter);
            rows.Add([
                definition.Name,
                MetricLabel(definition.Metric),
                .. shown.Select(contestant =>
                    new ReportCell(ReportNumber.MeanAndSpread(contestant.Scores[task]), contestant.Scores[task].Mean == best)),
            ]);
        }

        double bestDeltaM = Best([.. result.Contestants.Select(contestant => contestant.DeltaM.Mean)], higherIsBetter: true);
        rows.Add([
            "delta-m",
            "%",
            .. shown.Select(contestant => new ReportCell(
                contestant.Id == PilotContestant.SingleTask ? "0 (reference)" : DeltaM(contestant.DeltaM),
                contestant.DeltaM.Mean == bestDeltaM)),
        ]);
        return new ReportTable(
            "Test metrics per task, mean ± spread over the seeds (* = best mean)",
            ["task", "metric", .. shown.Select(contestant => contestant.Title)],
            rows);
    }

    /// <summary>All contestants, the best delta-m first: delta-m, on how many tasks they beat the single-task networks, what they
    /// took, and how many runs ended well.</summary>
    public static ReportTable Ranking(PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ReportTable(
            "All contestants, best delta-m first (mean ± spread over the seeds)",
            ["contestant", "delta-m %", "tasks better", "time", "optimizer steps", "runs finished"],
            [.. ByDeltaM(result).Select(contestant => (IReadOnlyList<ReportCell>)[
                contestant.Title,
                contestant.Id == PilotContestant.SingleTask ? "0 (reference)" : DeltaM(contestant.DeltaM),
                TasksBetter(contestant),
                ReportNumber.Seconds(contestant.Seconds.Mean),
                ReportNumber.Count(contestant.OptimizerSteps.Mean),
                Finished(contestant, result.Setting.Seeds.Count),
            ])]);
    }

    /// <summary>The baselines, and of the methods under test those with the best delta-m, in the order of the pilot.</summary>
    /// <param name="result">The pilot.</param>
    /// <param name="most">Contestants at most; at least one method under test is among them.</param>
    public static IReadOnlyList<PilotContestant> Leaders(PilotResult result, int most)
    {
        ArgumentNullException.ThrowIfNull(result);
        int room = Math.Max(1, most - result.Contestants.Count(contestant => !contestant.IsCandidate));
        HashSet<string> leaders = [.. ByDeltaM(result).Where(contestant => contestant.IsCandidate).Take(room).Select(contestant => contestant.Id)];
        return [.. result.Contestants.Where(contestant => !contestant.IsCandidate || leaders.Contains(contestant.Id))];
    }

    /// <summary>Time, batches, optimizer steps and runs that ended well, one row per contestant.</summary>
    public static ReportTable Cost(PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ReportTable(
            "What each contestant took, mean per seed",
            ["contestant", "time", "batches", "optimizer steps", "runs finished"],
            [.. result.Contestants.Select(contestant => (IReadOnlyList<ReportCell>)[
                contestant.Title,
                ReportNumber.Seconds(contestant.Seconds.Mean),
                ReportNumber.Count(contestant.Batches.Mean),
                ReportNumber.Count(contestant.OptimizerSteps.Mean),
                Finished(contestant, result.Setting.Seeds.Count),
            ])]);
    }

    /// <summary>Diagnostics of task gradients, one row per contestant that has them; null without any.</summary>
    public static ReportTable? Gradients(PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        PilotContestant[] measured = [.. result.Contestants.Where(contestant => contestant.Gradients is not null)];
        return measured.Length == 0
            ? null
            : new ReportTable(
                "Task gradients, mean over the measured batches and the seeds",
                ["contestant", "mean cosine", "conflicts", "magnitude similarity", "condition number", "stationarity"],
                [.. measured.Select(contestant => (IReadOnlyList<ReportCell>)[
                    contestant.Title,
                    ReportNumber.Signed(contestant.Gradients!.MeanCosine),
                    double.IsNaN(contestant.Gradients.ConflictShare) ? ReportNumber.Absent : $"{100 * contestant.Gradients.ConflictShare:0} %",
                    ReportNumber.Plain(contestant.Gradients.MagnitudeSimilarity),
                    ReportNumber.Plain(contestant.Gradients.ConditionNumber),
                    ReportNumber.Plain(contestant.Gradients.Stationarity),
                ])]);
    }

    /// <summary>The final affinity matrix of a contestant in units of 10^<paramref name="exponent"/>, or null when it has
    /// none or too many tasks for a table.</summary>
    /// <param name="result">The pilot.</param>
    /// <param name="contestant">One of its contestants.</param>
    /// <param name="exponent">Power of ten the values are divided by.</param>
    public static ReportTable? Affinity(PilotResult result, PilotContestant contestant, out int exponent)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(contestant);
        exponent = 0;
        if (contestant.Affinity is not { } affinity || affinity.Length > MaximumAffinityTasks) return null;
        exponent = Exponent(affinity);
        double unit = Math.Pow(10, exponent);
        return new ReportTable(
            $"Affinity of {contestant.Title}, mean over the seeds, in units of 1e{exponent} (row: updated task; column: task that gained or lost)",
            ["source \\ target", .. result.Tasks.Select(task => task.Name)],
            [.. affinity.Select((row, source) => (IReadOnlyList<ReportCell>)[
                result.Tasks[source].Name,
                .. row.Select(value => new ReportCell(AffinityText(value, unit))),
            ])]);
    }

    /// <summary>Final groups, one row per contestant that groups and seed.</summary>
    public static ReportTable? Groups(PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        IReadOnlyList<ReportCell>[] rows = [.. result.Contestants.SelectMany(contestant => contestant.Runs
            .Where(run => run.FinalGroups is not null)
            .Select(run => (IReadOnlyList<ReportCell>)[
                contestant.Title,
                run.Seed.ToString(),
                run.FinalGroups!.Length.ToString(),
                run.GroupChanges.ToString(),
                GroupText(result, run.FinalGroups!),
            ]))];
        return rows.Length == 0
            ? null
            : new ReportTable("Final task groups", ["contestant", "seed", "groups", "changes", "members"], rows);
    }

    /// <summary>The best mean first, those without one last.</summary>
    internal static IEnumerable<PilotContestant> ByDeltaM(PilotResult result) =>
        result.Contestants.OrderByDescending(contestant => double.IsFinite(contestant.DeltaM.Mean) ? contestant.DeltaM.Mean : double.NegativeInfinity);

    private static string TasksBetter(PilotContestant contestant)
    {
        double[] gains = [.. contestant.Gains.Select(gain => gain.Mean).Where(double.IsFinite)];
        return contestant.Id == PilotContestant.SingleTask || gains.Length == 0 ? ReportNumber.Absent : $"{gains.Count(gain => gain > 0)} of {gains.Length}";
    }

    /// <summary>A metric's name as people write it.</summary>
    internal static string MetricLabel(string metric) => metric switch
    {
        "rmse" => "RMSE",
        "roc_auc" => "ROC AUC",
        _ => metric.Replace('_', ' '),
    };

    /// <summary>Largest power of ten not above <see cref="TypicalLargest"/>; 0 for a zero matrix.</summary>
    internal static int Exponent(double[][] affinity)
    {
        double largest = TypicalLargest(affinity);
        return largest > 0 ? (int)Math.Floor(Math.Log10(largest)) : 0;
    }

    /// <summary>
    /// Where the scale of the matrix ends: the largest absolute value off the diagonal, but at most twenty times the median
    /// one. A single step on a batch whose loss was nearly 0 can leave one entry thousands of times larger than the rest.
    /// </summary>
    internal static double TypicalLargest(double[][] affinity)
    {
        double[] values = [.. affinity.SelectMany((row, i) => row.Where((_, j) => j != i)).Where(double.IsFinite).Select(Math.Abs).Order()];
        if (values.Length == 0) return 0;
        double median = values[values.Length / 2];
        return median > 0 ? Math.Min(values[^1], 20 * median) : values[^1];
    }

    /// <summary>An entry of the matrix in units of a power of ten.</summary>
    internal static string AffinityText(double value, double unit)
    {
        double scaled = value / unit;
        if (!double.IsFinite(scaled)) return ReportNumber.Absent;
        return Math.Abs(scaled) < 1000 ? scaled.ToString("0.0;-0.0;0.0") : scaled.ToString("0e+0");
    }

    /// <summary>Names in braces, shortened where there are very many tasks.</summary>
    internal static string GroupText(PilotResult result, int[][] groups) => string.Join(" ", groups.Select(group =>
        "{" + string.Join(", ", group.Select(task => result.Tasks[task].Name)) + "}"));

    internal static string DeltaM(MeanAndSpread deltaM) => double.IsFinite(deltaM.StandardDeviation)
        ? $"{ReportNumber.Signed(deltaM.Mean)} ± {deltaM.StandardDeviation:0.00}"
        : ReportNumber.Signed(deltaM.Mean);

    private static string Finished(PilotContestant contestant, int seeds)
    {
        int diverged = contestant.Runs.Count(run => run.Outcome == RunOutcome.Diverged);
        int cancelled = contestant.Runs.Count(run => run.Outcome == RunOutcome.Cancelled);
        int finished = contestant.Runs.Count(run => run.Outcome == RunOutcome.Finished);
        string text = $"{finished} of {seeds}";
        if (diverged > 0) text += $", {diverged} diverged";
        int failed = contestant.Runs.Count(run => run.Outcome == RunOutcome.Failed);
        if (failed > 0) text += $", {failed} failed";
        if (cancelled > 0) text += $", {cancelled} cancelled";
        return text;
    }

    /// <summary>The best finite value, NaN (equal to nothing) when none is finite.</summary>
    private static double Best(double[] values, bool higherIsBetter)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0) return double.NaN;
        return higherIsBetter ? finite.Max() : finite.Min();
    }
}
