using MathNet.Numerics.Statistics;

namespace MtlHybrid.Pilot;

/// <summary>Puts the outcome of a pilot into plain words.</summary>
internal static class PilotJudge
{
    /// <summary>Points of delta-m that nobody would pay for.</summary>
    private const double PracticallyEqual = 0.5;

    /// <summary>A budget up to this many times as large counts as the same.</summary>
    private const double SameBudget = 1.25;

    /// <summary>Contestants that a sentence names.</summary>
    private const int MostNames = 4;

    public static PilotVerdict Judge(
        PilotSetting setting,
        IReadOnlyList<PilotTask> tasks,
        IReadOnlyList<PilotContestant> contestants,
        IReadOnlyList<PairedComparison> comparisons,
        bool complete)
    {
        PilotContestant[] scored = [.. contestants.Where(c => c.IsCandidate && c.DeltaM.Count > 0)];
        // Seeds in which a method fails are often the hard ones: what it has left flatters it.
        PilotContestant[] steady = [.. scored.Where(c => FailedRuns(c) == 0)];
        PilotContestant[] candidates = steady.Length > 0 ? steady : scored;
        if (candidates.Length == 0)
        {
            return new PilotVerdict(VerdictKind.Undecided,
                "Nothing can be decided: no contestant under test has a delta-m.",
                [complete ? "The runs diverged, or no task could be scored; see the notes." : "The pilot was stopped too early."]);
        }

        int methods = contestants.Count(c => c.IsCandidate);
        // One that is proved to be better goes before one that is better on average.
        PilotContestant[] proved = [.. candidates.Where(c => Decide(Own(c), methods) == VerdictKind.Better)];
        PilotContestant candidate = (proved.Length > 0 ? proved : candidates).MaxBy(c => c.DeltaM.Mean)!;
        PairedComparison[] own = Own(candidate);
        VerdictKind kind = Decide(own, methods);
        var reasons = new List<string> { DeltaMReason(candidate) };
        if (methods > 1)
        {
            reasons.Add($"{candidate.Title} was picked as the best of {methods} methods under test, and being picked flatters: the best of several that "
                + $"are all alike looks better than it is. Only leads with a p-value of at most 0.05 / {methods} count here.");
        }

        if (FailureReason(contestants, candidate) is { } failures) reasons.Add(failures);
        reasons.AddRange(contestants.Where(c => !c.IsCandidate).Select(c => Advantage(c, candidate, methods)).OfType<string>());
        reasons.AddRange(own.Select(comparison => ComparisonReason(comparison, contestants, methods)));
        if (TaskReason(tasks, candidate) is { } taskReason) reasons.Add(taskReason);
        if (CostReason(contestants, candidate) is { } costReason) reasons.Add(costReason);
        if (kind != VerdictKind.Undecided) reasons.Add(Advice(setting, contestants, methods));
        if (!complete) reasons.Add("The pilot was stopped before all runs were done; this is what was reached.");
        return new PilotVerdict(kind, Headline(kind, candidate, own, contestants, methods), reasons);

        PairedComparison[] Own(PilotContestant of) => [.. comparisons.Where(c => c.Candidate == of.Id && Advantage(Baseline(c), of, methods) is null)];

        PilotContestant Baseline(PairedComparison comparison) => contestants.First(c => c.Id == comparison.Baseline);
    }

    /// <summary>Beating every baseline is asked for, so the tests against several baselines need no correction; that the candidate
    /// was picked among several does.</summary>
    private static VerdictKind Decide(PairedComparison[] own, int methods)
    {
        if (own.Any(comparison => comparison.Difference.Count < 2)) return VerdictKind.Undecided;
        if (own.Any(comparison => comparison.IsWorse)) return VerdictKind.Worse;
        return own.All(comparison => IsBetter(comparison, methods)) ? VerdictKind.Better : VerdictKind.NoDifference;
    }

    private static string Headline(
        VerdictKind kind, PilotContestant candidate, PairedComparison[] own, IReadOnlyList<PilotContestant> contestants, int methods)
    {
        string Titles(Func<PairedComparison, bool> which) =>
            Join([.. own.Where(which).Select(comparison => PilotTitle.InSentence(TitleOf(comparison.Baseline, contestants)))]);

        switch (kind)
        {
            case VerdictKind.Better:
                return $"{candidate.Title} paid off here: better than {Titles(_ => true)}, by more than chance explains{(methods > 1 ? $", even as the best of {methods}" : "")}.";
            case VerdictKind.Worse:
                string which = methods > 1 ? $", on average the best of {methods} methods under test," : "";
                return $"{candidate.Title}{which} did not pay off here: {Titles(comparison => comparison.IsWorse)} did better, by more than chance explains.";
            case VerdictKind.NoDifference:
                string level = Titles(comparison => !IsBetter(comparison, methods));
                string behind = Titles(comparison => comparison.Difference.Mean < 0);
                if (behind == level && own.Length > 1) behind = "they all";
                string ahead = behind.Length == 0 ? "" : $"; on average {behind} did better";
                return methods > 1
                    ? $"No proof that any of the {methods} methods paid off here: what separates the best on average, {PilotTitle.InSentence(candidate.Title)}, from {level} "
                        + $"is within what chance and the pick of the best of {methods} explain{ahead}."
                    : $"No proof that {PilotTitle.InSentence(candidate.Title)} paid off here: the difference to {level} is within what chance explains{ahead}.";
            default:
                int seeds = own.Length == 0 ? candidate.DeltaM.Count : own.Min(comparison => comparison.Difference.Count);
                return seeds == 0
                    ? $"Nothing is decided: {Titles(comparison => comparison.Difference.Count == 0)} and {PilotTitle.InSentence(candidate.Title)} have no seed in common."
                    : "Nothing is decided: one seed gives no spread, so chance cannot be ruled out. Run at least five seeds.";
        }
    }

    private static string DeltaMReason(PilotContestant candidate)
    {
        string spread = candidate.DeltaM.Count < 2
            ? "one seed, no spread can be given"
            : $"spread {candidate.DeltaM.StandardDeviation:0.00} over {candidate.DeltaM.Count} seeds";
        string meaning = candidate.DeltaM.Mean >= 0 ? "better" : "worse";
        return $"{candidate.Title}: delta-m {Signed(candidate.DeltaM.Mean)} % ({spread}); averaged over the tasks, its metrics are "
            + $"{Math.Abs(candidate.DeltaM.Mean):0.00} % {meaning} than those of one network per task.";
    }

    private static string ComparisonReason(PairedComparison comparison, IReadOnlyList<PilotContestant> contestants, int methods)
    {
        string against = $"Against {PilotTitle.InSentence(TitleOf(comparison.Baseline, contestants))}: ";
        if (comparison.Difference.Count == 0) return against + "no seed in which both have a delta-m.";
        string mean = $"{Signed(comparison.Difference.Mean)} points of delta-m";
        if (comparison.Difference.Count == 1) return against + mean + " in the one seed both have.";
        string finding = IsBetter(comparison, methods) ? "better by more than chance explains"
            : comparison.IsBetter ? $"better taken alone, but no more than the best of {methods} may be by chance"
            : comparison.IsWorse ? "worse by more than chance explains"
            : "within what chance explains";
        return against + $"{mean}, 95 % interval {Signed(comparison.Lower)} to {Signed(comparison.Upper)} "
            + $"({comparison.Difference.Count} seeds, p {PValue(comparison.PValue)}): {finding}.";
    }

    private static string? TaskReason(IReadOnlyList<PilotTask> tasks, PilotContestant candidate)
    {
        (string Name, double Gain)[] gains = [.. tasks.Select((task, index) => (task.Name, candidate.Gains[index].Mean)).Where(pair => double.IsFinite(pair.Mean))];
        if (gains.Length == 0) return null;
        (string Name, double Gain) most = gains.MaxBy(pair => pair.Gain);
        (string Name, double Gain) least = gains.MinBy(pair => pair.Gain);
        string median = gains.Length < 4 ? "" : $"; the median gain is {Signed(Statistics.Median(gains.Select(pair => pair.Gain)))} %";
        double sum = gains.Sum(pair => pair.Gain);
        (string Name, double Gain) largest = gains.MaxBy(pair => Math.Abs(pair.Gain));
        bool dominated = gains.Length > 2 && Math.Abs(largest.Gain) > gains.Sum(pair => Math.Abs(pair.Gain)) / 2;
        string without = dominated ? $" {largest.Name} dominates delta-m; without it, it would be {Signed((sum - largest.Gain) / (gains.Length - 1))} %." : "";
        return $"On average {gains.Count(pair => pair.Gain > 0)} of {gains.Length} tasks are better than with their own network{median}; most: "
            + $"{most.Name} ({Signed(most.Gain)} %), least: {least.Name} ({Signed(least.Gain)} %).{without}";
    }

    private static string? CostReason(IReadOnlyList<PilotContestant> contestants, PilotContestant candidate)
    {
        PilotContestant? joint = contestants.FirstOrDefault(c => c.Id == PilotContestant.Joint && c.Id != candidate.Id);
        if (joint is null || !(joint.Seconds.Mean > 0) || !(joint.OptimizerSteps.Mean > 0)) return null;
        return $"It took {candidate.Seconds.Mean / joint.Seconds.Mean:0.0} times the time and {candidate.OptimizerSteps.Mean / joint.OptimizerSteps.Mean:0.0} "
            + $"times the optimizer steps of {PilotTitle.InSentence(joint.Title)}.";
    }

    /// <summary>
    /// The best on average, or a cheaper one that is practically as good; and from which others chance keeps it from being
    /// told apart. Not being told apart is no equality: few seeds can tell little.
    /// </summary>
    private static string Advice(PilotSetting setting, IReadOnlyList<PilotContestant> contestants, int methods)
    {
        PilotContestant[] scored = [.. contestants.Where(c => c.DeltaM.Count > 0 && FailedRuns(c) == 0)];
        if (scored.Length == 0) return "To choose now: none; every contestant failed with some seed.";
        PilotContestant best = scored.MaxBy(c => c.DeltaM.Mean)!;
        PilotContestant choice = scored.Where(c => best.DeltaM.Mean - c.DeltaM.Mean < PracticallyEqual).MinBy(c => c.Seconds.Mean)!;
        string advice = choice == best
            ? $"To choose now: {PilotTitle.InSentence(best.Title)}, the best on average."
            : $"To choose now: {PilotTitle.InSentence(choice.Title)}; it is within {PracticallyEqual} points of the best on average "
                + $"({PilotTitle.InSentence(best.Title)}) and takes less time to train.";
        string[] open = [.. scored.Where(other => other != choice && !PairedTest.Compare(
            choice.Id, other.Id, PairedTest.Differences(choice, other), PilotSummary.TestToTrain(setting)).IsBetter).Select(c => PilotTitle.InSentence(c.Title))];
        if (open.Length > 0) advice += $" Chance alone could explain the difference to {Join(open)}; more seeds would tell.";
        return methods > 1 ? $"{advice} A second pilot of that one alone, with other seeds, would show what it is worth." : advice;
    }

    /// <summary>Where a baseline's budget is that of another method under test which took more: what it had more, in words. It is no
    /// yardstick for this one then.</summary>
    private static string? Advantage(PilotContestant baseline, PilotContestant candidate, int methods)
    {
        if (methods == 1) return null;
        (double ratio, string what) = baseline.Id switch
        {
            PilotContestant.JointEqualSteps => (baseline.OptimizerSteps.Mean / candidate.OptimizerSteps.Mean, "optimizer steps"),
            PilotContestant.JointEqualTime => (baseline.Seconds.Mean / candidate.Seconds.Mean, "time"),
            _ => (1, ""),
        };
        return ratio > SameBudget
            ? $"{baseline.Title} had {ratio:0.0} times the {what} of {PilotTitle.InSentence(candidate.Title)}, as another method under test did; it is not held against it."
            : null;
    }

    /// <summary>Whether a lead stands the correction (Bonferroni) for having picked the best of several.</summary>
    private static bool IsBetter(PairedComparison comparison, int methods) => comparison.IsBetter && comparison.PValue * methods <= 0.05;

    private static int FailedRuns(PilotContestant contestant) =>
        contestant.Runs.Count(run => run.Outcome is RunOutcome.Diverged or RunOutcome.Failed);

    private static string? FailureReason(IReadOnlyList<PilotContestant> contestants, PilotContestant candidate)
    {
        if (FailedRuns(candidate) > 0)
            return $"{candidate.Title} diverged or failed in {FailedRuns(candidate)} of {candidate.Runs.Count} seeds; the numbers are those of the others and flatter it.";
        string[] failed = [.. contestants.Where(c => c.IsCandidate && FailedRuns(c) > 0).Select(c => $"{PilotTitle.InSentence(c.Title)} ({FailedRuns(c)} of {c.Runs.Count} seeds)")];
        return failed.Length == 0 ? null : $"Left out of the choice, because training diverged or failed: {Join(failed)}.";
    }

    private static string TitleOf(string id, IReadOnlyList<PilotContestant> contestants) => contestants.First(c => c.Id == id).Title;

    private static string Join(string[] parts) => parts.Length switch
    {
        0 => "",
        1 => parts[0],
        > MostNames + 1 => $"{string.Join(", ", parts[..MostNames])} and {parts.Length - MostNames} others",
        _ => string.Join(", ", parts[..^1]) + " and " + parts[^1],
    };

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00");

    private static string PValue(double p) => p < 0.001 ? "< 0.001" : "= " + p.ToString("0.000");
}
