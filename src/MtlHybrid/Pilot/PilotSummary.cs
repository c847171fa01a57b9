using MtlHybrid.Data;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Pilot;

/// <summary>From the runs of all contestants to the result: delta-m, means and spreads, comparisons, verdict.</summary>
internal static class PilotSummary
{
    /// <summary>Fewer test labels than this make a metric coarse enough to be remarked upon.</summary>
    private const int FewTestLabels = 30;

    /// <summary>The same for the rows of the rarest class.</summary>
    private const int FewOfAClass = 10;

    /// <summary>Builds the result.</summary>
    /// <param name="setting">What was run.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="contestants">Contestants with their runs; everything derived from the runs is filled in here.</param>
    /// <param name="notes">Remarks so far; remarks about the runs are added.</param>
    /// <param name="complete">Whether all runs asked for are there.</param>
    public static PilotResult Build(
        PilotSetting setting,
        IReadOnlyList<PilotTask> tasks,
        IReadOnlyList<PilotContestant> contestants,
        IReadOnlyList<string> notes,
        bool complete)
    {
        var remarks = new List<string>(notes);
        contestants = WithDeltaM(setting.Seeds, tasks, contestants, remarks);
        contestants = [.. contestants.Select(contestant => Summarise(tasks, contestant))];
        RemarkOnRuns(tasks, contestants, remarks);
        if (!setting.SplitVaries && setting.Seeds.Count > 1)
        {
            remarks.Add("All seeds share one split, so the spread shows the chance of initial weights and row order only, "
                + "not that of other data.");
        }

        PairedComparison[] comparisons = [.. Compare(setting, contestants)];
        return new PilotResult
        {
            Complete = complete,
            Setting = setting,
            Tasks = tasks,
            Contestants = contestants,
            Comparisons = comparisons,
            Verdict = PilotJudge.Judge(setting, tasks, contestants, comparisons, complete),
            Notes = remarks,
        };
    }

    /// <summary>Test rows by training rows where every seed has its own split, else 0; see <see cref="PairedTest"/>.</summary>
    internal static double TestToTrain(PilotSetting setting) =>
        setting.SplitVaries && setting.TrainRows > 0 ? (double)setting.TestRows / setting.TrainRows : 0;

    /// <summary>The headline metric of a task in a run; NaN when the run has none.</summary>
    internal static double Score(PilotRun run, PilotTask task, int index) =>
        run.Outcome == RunOutcome.Finished && run.Metrics[index].TryGetValue(task.Metric, out double value) ? value : double.NaN;

    /// <summary>
    /// Gives every finished run its delta-m. In each seed all contestants are judged on the same tasks: those for which
    /// every finished run has a score.
    /// </summary>
    private static PilotContestant[] WithDeltaM(
        IReadOnlyList<ulong> seeds, IReadOnlyList<PilotTask> tasks, IReadOnlyList<PilotContestant> contestants, List<string> remarks)
    {
        var runs = contestants.ToDictionary(contestant => contestant.Id, contestant => contestant.Runs.ToArray());
        var leftOut = new SortedDictionary<int, int>();
        foreach (ulong seed in seeds)
        {
            PilotRun[] finished = [.. runs.Values.SelectMany(of => of).Where(run => run.Seed == seed && run.Outcome == RunOutcome.Finished)];
            PilotRun? single = runs[PilotContestant.SingleTask].FirstOrDefault(run => run.Seed == seed && run.Outcome == RunOutcome.Finished);
            if (single is null) continue;
            int[] judged = [.. Enumerable.Range(0, tasks.Count).Where(task =>
                Score(single, tasks[task], task) > 0 && finished.All(run => double.IsFinite(Score(run, tasks[task], task))))];
            foreach (int task in Enumerable.Range(0, tasks.Count).Except(judged))
                leftOut[task] = leftOut.GetValueOrDefault(task) + 1;
            foreach (PilotRun[] of in runs.Values)
            {
                int index = Array.FindIndex(of, run => run.Seed == seed && run.Outcome == RunOutcome.Finished);
                if (index >= 0) of[index] = WithGains(tasks, judged, of[index], single);
            }
        }

        foreach ((int task, int count) in leftOut)
        {
            remarks.Add($"{tasks[task].Name} is left out of delta-m in {count} of {seeds.Count} seeds: its {tasks[task].Metric} is not "
                + "defined there for every contestant, or is 0 for the single-task network.");
        }

        return [.. contestants.Select(contestant => contestant with { Runs = runs[contestant.Id] })];
    }

    private static PilotRun WithGains(IReadOnlyList<PilotTask> tasks, int[] judged, PilotRun run, PilotRun single)
    {
        DeltaMResult result = Evaluation.DeltaM.Compute([.. judged.Select(task => new TaskComparison(tasks[task].Name,
            [new MetricComparison(MetricCatalog.Headline(tasks[task].Kind), Score(run, tasks[task], task), Score(single, tasks[task], task))]))]);
        double[] gains = [.. Enumerable.Repeat(double.NaN, tasks.Count)];
        for (int i = 0; i < judged.Length; i++)
            gains[judged[i]] = result.PerTask[i];
        return run with { DeltaM = result.Percent, Gains = gains };
    }

    private static PilotContestant Summarise(IReadOnlyList<PilotTask> tasks, PilotContestant contestant)
    {
        PilotRun[] finished = [.. contestant.Runs.Where(run => run.Outcome == RunOutcome.Finished)];
        return contestant with
        {
            Scores = [.. tasks.Select((task, index) => MeanAndSpread.Of(finished.Select(run => Score(run, task, index))))],
            Gains = [.. tasks.Select((_, index) => MeanAndSpread.Of(finished.Where(run => run.Gains.Count > 0).Select(run => run.Gains[index])))],
            DeltaM = MeanAndSpread.Of(finished.Select(run => run.DeltaM)),
            Seconds = MeanAndSpread.Of(finished.Select(run => run.Seconds)),
            Batches = MeanAndSpread.Of(finished.Select(run => (double)run.Batches)),
            OptimizerSteps = MeanAndSpread.Of(finished.Select(run => (double)run.OptimizerSteps)),
        };
    }

    private static IEnumerable<PairedComparison> Compare(PilotSetting setting, IReadOnlyList<PilotContestant> contestants) =>
        from candidate in contestants
        where candidate.IsCandidate
        from baseline in contestants
        where !baseline.IsCandidate
        select PairedTest.Compare(candidate.Id, baseline.Id, PairedTest.Differences(candidate, baseline), TestToTrain(setting));

    private static void RemarkOnRuns(IReadOnlyList<PilotTask> tasks, IReadOnlyList<PilotContestant> contestants, List<string> remarks)
    {
        foreach (PilotContestant contestant in contestants)
        {
            ulong[] diverged = [.. contestant.Runs.Where(run => run.Outcome == RunOutcome.Diverged).Select(run => run.Seed)];
            if (diverged.Length == 0) continue;
            remarks.Add($"{contestant.Title}: training diverged with seed {string.Join(", ", diverged)} (a loss was no longer finite). "
                + "These runs have no scores; a smaller learning rate may help.");
        }

        foreach (PilotContestant contestant in contestants)
        {
            foreach (IGrouping<string?, PilotRun> runs in contestant.Runs.Where(run => run.Outcome == RunOutcome.Failed).GroupBy(run => run.Error))
                remarks.Add($"{contestant.Title} failed with seed {string.Join(", ", runs.Select(run => run.Seed))}: {runs.Key}. These runs have no scores.");
        }

        int[] few = [.. Enumerable.Range(0, tasks.Count).Where(task => tasks[task].TestLabels < FewTestLabels)];
        if (few.Length > 0)
        {
            PilotTask fewest = tasks[few.MinBy(task => tasks[task].TestLabels)];
            remarks.Add($"{few.Length} of {tasks.Count} tasks have fewer than {FewTestLabels} test labels (fewest: {fewest.Name} with {fewest.TestLabels}): "
                + "their metrics jump from seed to seed.");
        }

        int[] rare = [.. Enumerable.Range(0, tasks.Count).Where(task => tasks[task].Kind != TaskKind.Regression && tasks[task].TestRarest < FewOfAClass)];
        if (rare.Length > 0)
        {
            remarks.Add("Few test rows of the rarest class, so that metrics jump from seed to seed: "
                + Names([.. rare.Select(task => $"{tasks[task].Name} ({tasks[task].TestRarest})")]) + ". A stratified split spreads them evenly.");
        }

        string[] unskilled = [.. Enumerable.Range(0, tasks.Count).Where(task => !SkillCheck.AnySkill(tasks[task], task, contestants)).Select(task => tasks[task].Name)];
        if (unskilled.Length > 0)
        {
            remarks.Add($"No contestant predicts {Names(unskilled)} clearly better than guessing: differences on such a task say "
                + "nothing, yet they are part of delta-m.");
        }
    }

    /// <summary>The first few names.</summary>
    private static string Names(string[] names) =>
        names.Length <= 8 ? string.Join(", ", names) : string.Join(", ", names[..8]) + $" and {names.Length - 8} more tasks";
}
