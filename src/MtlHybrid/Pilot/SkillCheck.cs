using MtlHybrid.Data;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Pilot;

/// <summary>Whether anybody learned a task at all.</summary>
internal static class SkillCheck
{
    /// <summary>
    /// Whether some contestant is, on average over the seeds, clearly better than a guess without inputs: an error at least
    /// 2 % below that of the training mean (regression), a ROC AUC of at least 0.55 and two standard errors of a guess above
    /// 0.5 (binary), a balanced accuracy at least 0.05 above one divided by the number of classes (multi-class). Without any
    /// score there is nothing to say: true.
    /// </summary>
    public static bool AnySkill(PilotTask task, int index, IReadOnlyList<PilotContestant> contestants)
    {
        (string metric, bool higher, double threshold) = task.Kind switch
        {
            TaskKind.Regression => (MetricCatalog.Rrmse.Name, false, 0.98),
            TaskKind.Binary => (MetricCatalog.RocAuc.Name, true, 0.5 + Math.Max(0.05, 2 * ErrorOfGuess(task, contestants))),
            _ => (MetricCatalog.BalancedAccuracy.Name, true, 0.05 + 1.0 / Math.Max(1, task.Classes.Count)),
        };
        double[] means = [.. contestants.Select(contestant => Mean(contestant, metric, index)).Where(double.IsFinite)];
        return means.Length == 0 || means.Any(mean => higher ? mean >= threshold : mean <= threshold);
    }

    private static double Mean(PilotContestant contestant, string metric, int task) => MeanAndSpread.Of(contestant.Runs
        .Where(run => run.Outcome == RunOutcome.Finished)
        .Select(run => run.Metrics[task].TryGetValue(metric, out double value) ? value : double.NaN)).Mean;

    /// <summary>Standard error of a guess's ROC AUC (that of the Mann-Whitney statistic), averaged over the seeds.</summary>
    private static double ErrorOfGuess(PilotTask task, IReadOnlyList<PilotContestant> contestants)
    {
        double rare = task.TestRarest, common = task.TestLabels - task.TestRarest;
        if (!(rare > 0) || !(common > 0)) return 0;
        int seeds = Math.Max(1, contestants.Max(contestant => contestant.Runs.Count));
        return Math.Sqrt((rare + common + 1) / (12 * rare * common) / seeds);
    }
}
