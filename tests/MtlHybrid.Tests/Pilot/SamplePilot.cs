using System.Text.Json;
using MtlHybrid.Data;
using MtlHybrid.Pilot;

namespace MtlHybrid.Tests.Pilot;

/// <summary>A made-up pilot of realistic shape, put together by the same code as a real one.</summary>
internal static class SamplePilot
{
    public static readonly string[] FiveTasks = ["cooler", "valve", "pump_leakage", "accumulator", "stable_flag"];

    /// <summary>Gains over the single-task network in percent by contestant; noise on top differs by seed.</summary>
    private static readonly (string Id, string Title, bool Candidate, double Gain, int StepsPerBatch)[] Field =
    [
        (PilotContestant.SingleTask, "Single-task networks", false, 0, 1),
        (PilotContestant.Joint, "Joint training", false, 1.2, 1),
        (PilotContestant.JointEqualSteps, "Joint training (equal steps)", false, 1.6, 1),
        ("selective", "Selective updates", true, 3.5, 3),
    ];

    /// <param name="seeds">How many.</param>
    /// <param name="names">Of the tasks.</param>
    /// <param name="noise">Half the range of a score's chance, percent.</param>
    /// <param name="candidateGain">Gain of selective updates over single-task networks, percent.</param>
    /// <param name="complete">Whether the pilot ran to its end.</param>
    /// <param name="divergedSeed">A seed with which joint training diverged.</param>
    /// <param name="others">Further methods under test by title, with their gain and a seed with which they diverged.</param>
    public static PilotResult Build(
        int seeds = 5, IReadOnlyList<string>? names = null, double noise = 0.4, double candidateGain = 3.5, bool complete = true,
        ulong? divergedSeed = null, params (string Title, double Gain, ulong? Diverged)[] others)
    {
        names ??= FiveTasks;
        ulong[] list = [.. Enumerable.Range(0, seeds).Select(i => (ulong)i)];
        PilotTask[] tasks = [.. names.Select(Task)];
        PilotContestant[] contestants = [.. Field.Select(entry => new PilotContestant
        {
            Id = entry.Id,
            Title = entry.Title,
            Description = $"How {entry.Title} was trained.",
            IsCandidate = entry.Candidate,
            Runs = [.. list.Select(seed => Run(tasks, entry.Id, seed, entry.Candidate ? candidateGain : entry.Gain, noise, entry.StepsPerBatch,
                diverged: entry.Id == PilotContestant.Joint && seed == divergedSeed))],
            Affinity = entry.Candidate ? Affinity(tasks.Length) : null,
        }).Concat(others.Select(other => new PilotContestant
        {
            Id = other.Title.ToLowerInvariant(),
            Title = other.Title,
            Description = $"How {other.Title} was trained.",
            IsCandidate = true,
            Strategy = JsonSerializer.SerializeToElement(new { name = other.Title, beta = 0.5 }),
            Runs = [.. list.Select(seed => Run(tasks, other.Title, seed, other.Gain, noise, 1, diverged: seed == other.Diverged))],
        }))];
        return PilotSummary.Build(Setting(list), tasks, contestants, ["cooler has 3 distinct whole numbers and is treated as three classes"], complete);
    }

    public static PilotSetting Setting(ulong[] seeds) => new()
    {
        Source = "/data/hydraulic.csv",
        Rows = 2205,
        Inputs = 1020,
        Split = "random",
        SplitVaries = true,
        TrainRows = 1323,
        ValidationRows = 441,
        TestRows = 441,
        Seeds = seeds,
        Training = JsonSerializer.SerializeToElement(new { BatchSize = 64, LearningRate = 1e-3, Model = new { Hidden = new[] { 128, 128 } } }),
        Machine = PilotMachine.Current("processor (2 threads)"),
        Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Seconds = 183.4,
    };

    private static PilotTask Task(string name, int index) => (index % 3) switch
    {
        0 => Task(name, TaskKind.Regression, []),
        1 => Task(name, TaskKind.MultiClass, ["a", "b", "c"]),
        _ => Task(name, TaskKind.Binary, ["0", "1"]),
    };

    private static PilotTask Task(string name, TaskKind kind, string[] classes) => new()
    {
        Name = name,
        Kind = kind,
        Classes = classes,
        TrainLabels = 1323,
        ValidationLabels = 441,
        TestLabels = 441,
        TestRarest = 441,
    };

    private static PilotRun Run(PilotTask[] tasks, string id, ulong seed, double gain, double noise, int stepsPerBatch, bool diverged)
    {
        var random = new Random(HashOf(id, seed));
        int epochs = 40 + random.Next(40);
        long batches = epochs * 21;
        List<double[]> train = [.. Enumerable.Range(1, epochs).Select(e => Losses(tasks.Length, e, 0.02, gain))];
        List<double[]> validation = [.. Enumerable.Range(1, epochs).Select(e => Losses(tasks.Length, e, 0.12 + 0.0008 * e, gain))];
        bool grouping = id == "selective";
        GroupSnapshot[] history = grouping ? [.. History(tasks.Length, batches, random)] : [];
        return new PilotRun
        {
            Seed = seed,
            Outcome = diverged ? RunOutcome.Diverged : RunOutcome.Finished,
            Metrics = [.. tasks.Select((task, index) => (IReadOnlyDictionary<string, double>)(diverged
                ? new Dictionary<string, double>()
                : new Dictionary<string, double> { [task.Metric] = Score(task, index, seed, gain + noise * (2 * random.NextDouble() - 1)) }))],
            Seconds = 4 * stepsPerBatch + random.NextDouble(),
            Batches = batches,
            OptimizerSteps = batches * stepsPerBatch,
            Epochs = epochs,
            Curve = LearningCurve.FromEpochs(train, validation),
            GroupHistory = history,
            GroupChanges = Math.Max(0, history.Length - 1),
            FinalGroups = grouping ? history[^1].Groups : null,
        };

        double[] Losses(int count, int epoch, double floor, double better) =>
            [.. Enumerable.Range(0, count).Select(task => floor * (1 + 0.2 * task) - 0.005 * better + (0.8 + 0.1 * task) * Math.Exp(-epoch / 9.0) + 0.01 * random.NextDouble())];
    }

    private static double Score(PilotTask task, int index, ulong seed, double gain)
    {
        double level = task.HigherIsBetter ? 0.8 : 3.5 + index;
        double ofSeed = level * (1 + 0.01 * Math.Sin(index + 3.0 * seed));
        return ofSeed * (1 + (task.HigherIsBetter ? gain : -gain) / 100);
    }

    private static IEnumerable<GroupSnapshot> History(int tasks, long batches, Random random)
    {
        yield return new GroupSnapshot(0, 1, [.. Enumerable.Range(0, tasks).Select(task => new[] { task })]);
        int groups = Math.Max(2, (int)Math.Sqrt(tasks));
        int[] label = [.. Enumerable.Range(0, tasks).Select(task => task % groups)];
        for (long batch = 100; batch < batches; batch += 70)
        {
            label[random.Next(tasks)] = random.Next(groups);
            yield return new GroupSnapshot(batch, (int)(batch / 21) + 1,
                [.. Enumerable.Range(0, tasks).GroupBy(task => label[task]).Select(group => group.ToArray())]);
        }
    }

    private static double[][] Affinity(int tasks)
    {
        int groups = Math.Max(2, (int)Math.Sqrt(tasks));
        return [.. Enumerable.Range(0, tasks).Select(i => Enumerable.Range(0, tasks).Select(j =>
            i == j ? 4e-3 : 1e-3 * (i % groups == j % groups ? 0.8 : -0.4) + 3e-4 * Math.Sin(7 * i + 3 * j)).ToArray())];
    }

    private static int HashOf(string id, ulong seed) => id.Sum(c => c) * 31 + (int)seed;
}
