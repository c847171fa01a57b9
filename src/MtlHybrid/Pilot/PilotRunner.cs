using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Interchange;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>
/// Compares ways of training on one data set before anybody commits to one: single-task networks, joint training, joint
/// training with as many optimizer steps, and the strategies under test, over several seeds, on the same splits.
/// </summary>
/// <example><code>
/// PilotResult result = new PilotRunner(new PilotOptions()).Run(data);
/// Console.WriteLine(result.Verdict.Headline);
/// PilotFolder.Write("pilot", result);
/// </code></example>
public sealed class PilotRunner
{
    private readonly PilotOptions _options;
    private readonly IContestantTrainer _trainer;
    private readonly TimeProvider _time;

    /// <summary>A runner; it may be used for several data sets.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="logger">Where remarks go; null: nowhere.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public PilotRunner(PilotOptions options, ILogger? logger = null, TimeProvider? time = null)
        : this(options, new ContestantTrainer(logger, time ?? TimeProvider.System), time ?? TimeProvider.System)
    {
    }

    internal PilotRunner(PilotOptions options, IContestantTrainer trainer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _trainer = trainer;
        _time = time;
    }

    /// <summary>Runs every contestant with every seed.</summary>
    /// <param name="data">The data set; at least two tasks.</param>
    /// <param name="progress">Told about progress, a few times per second at most, on the calling thread.</param>
    /// <param name="cancellation">Ends the pilot after the current batch; the result is what was reached, marked as not
    /// complete.</param>
    /// <returns>The runs and what follows from them. A contestant that diverges, and a method under test whose run the engine
    /// gives up, is reported as such.</returns>
    /// <exception cref="DataException">The data has one task only, or cannot be trained on.</exception>
    /// <exception cref="EngineException">The device refused a baseline.</exception>
    public PilotResult Run(MultiTaskData data, IProgress<PilotProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Tasks.Count < 2)
            throw new DataException($"a pilot compares ways of training several tasks together and needs at least two; there is one: {data.Tasks[0].Name}", data.Source);
        DateTimeOffset started = _time.GetLocalNow();
        string device = _trainer.DescribeDevice(_options.Training);
        IReadOnlyList<ContestantPlan> plan = ContestantPlan.For(_options, data.Tasks.Count);
        DataSplit[] splits = [.. _options.Seeds.Select(seed => Splitter.Split(data, _options.Training.Split, seed))];
        var meter = new ProgressMeter(progress, plan, _options.Seeds, _time);
        var book = new PilotBook(plan, data.Notes);
        for (int seed = 0; seed < splits.Length && !cancellation.IsCancellationRequested; seed++)
            RunSeed(data, splits[seed], seed, plan, book, meter, cancellation);
        bool complete = !cancellation.IsCancellationRequested || plan.All(entry => book.Finished(entry.Id) == splits.Length);
        var setting = new PilotSetting
        {
            Source = data.Source,
            Rows = data.Rows,
            Inputs = data.Inputs.Count,
            Split = SplitName(_options.Training.Split),
            SplitVaries = _options.Training.Split.Method != SplitMethod.Order,
            TrainRows = splits[0].Train.Length,
            ValidationRows = splits[0].Validation.Length,
            TestRows = splits[0].Test.Length,
            Seeds = _options.Seeds,
            Training = SharedOptions(),
            Machine = PilotMachine.Current(device),
            Started = started,
            Seconds = meter.Elapsed.TotalSeconds,
        };
        return PilotSummary.Build(setting, Tasks(data, splits[0]), book.Contestants(), book.Notes, complete);
    }

    private void RunSeed(
        MultiTaskData data, DataSplit split, int seed, IReadOnlyList<ContestantPlan> plan, PilotBook book, ProgressMeter meter,
        CancellationToken cancellation)
    {
        for (int index = 0; index < plan.Count && !cancellation.IsCancellationRequested; index++)
        {
            ContestantPlan entry = plan[index];
            meter.Begin(seed, index);
            if (entry.Id == PilotContestant.SingleTask)
                book.Add(entry.Id, RunSingleTasks(data, split, _options.Seeds[seed], entry, book, meter, cancellation));
            else if (OptionsFor(entry, _options.Seeds[seed], book) is { } options)
                RunOneNetwork(data, split, entry, options, book, meter, cancellation);
            else
                book.Note($"{entry.Title} did not run with seed {_options.Seeds[seed]}: no method under test finished there to take the budget from.");
            meter.End();
        }
    }

    private void RunOneNetwork(
        MultiTaskData data, DataSplit split, ContestantPlan entry, TrainingOptions options, PilotBook book, ProgressMeter meter,
        CancellationToken cancellation)
    {
        long began = _time.GetTimestamp();
        TrainedContestant trained;
        try
        {
            trained = _trainer.Train(options, data, split, meter, cancellation);
        }
        catch (EngineException e) when (entry.IsCandidate)
        {
            book.Add(entry.Id, RunRecorder.Failure(options.Seed, data.Tasks.Count, _time.GetElapsedTime(began).TotalSeconds, e.Message));
            return;
        }

        foreach (string note in trained.Notes) book.Note(note);
        book.Add(entry.Id, RunRecorder.OneNetwork(options.Seed, trained), trained.History);
    }

    private PilotRun RunSingleTasks(
        MultiTaskData data, DataSplit split, ulong seed, ContestantPlan entry, PilotBook book, ProgressMeter meter, CancellationToken cancellation)
    {
        int tasks = data.Tasks.Count;
        var networks = new TrainedContestant?[tasks];
        var diverged = new List<string>();
        for (int task = 0; task < tasks && !cancellation.IsCancellationRequested; task++)
        {
            DataSplit own = OwnRows(data, split, task);
            if (own.Train.Length == 0)
            {
                book.Note($"{data.Tasks[task].Name} has no label in the training part of seed {seed}: no single-task network.");
                continue;
            }

            TrainingOptions options = SingleTaskOptions(entry, seed, data.Tasks[task].Name);
            // The encoder is learned on all training rows, so that every contestant sees the same inputs.
            TrainedContestant network = _trainer.Train(options, data.WithTasks(task), own with { Train = split.Train },
                new Part(meter, task, tasks), cancellation);
            if (network.StopReason == StopReason.Diverged) diverged.Add(data.Tasks[task].Name);
            networks[task] = network;
        }

        if (diverged.Count > 0) book.Note($"{entry.Title}: training diverged with seed {seed} for {string.Join(", ", diverged)}.");
        return RunRecorder.NetworkPerTask(seed, networks, cancellation.IsCancellationRequested);
    }

    /// <summary>The options of a contestant in a seed; null when it needs a budget that nobody has set.</summary>
    private TrainingOptions? OptionsFor(ContestantPlan entry, ulong seed, PilotBook book)
    {
        TrainingOptions options = _options.Training with { Seed = seed, Strategy = entry.Strategy };
        PilotRun[] candidates = [.. book.CandidateRuns(seed)];
        // The budget replaces the number of epochs, so schedules stretch over it; stopping early would not use it up.
        TrainingOptions open = options with { Epochs = null, Steps = null, EarlyStopping = options.EarlyStopping with { Enabled = false } };
        return entry.Id switch
        {
            PilotContestant.JointEqualSteps => candidates.Length == 0
                ? null
                : open with { OptimizerStepBudget = candidates.Max(run => run.OptimizerSteps) },
            PilotContestant.JointEqualTime => candidates.Length == 0
                ? null
                : open with { TimeBudget = TimeSpan.FromSeconds(candidates.Max(run => run.Seconds)) },
            _ => options,
        };
    }

    /// <summary>The shared options for the network of one task.</summary>
    private TrainingOptions SingleTaskOptions(ContestantPlan entry, ulong seed, string task) => _options.Training with
    {
        Seed = seed,
        Strategy = entry.Strategy,
        // One task has nobody to disagree with.
        DiagnosticsInterval = 0,
        Losses = _options.Training.Losses.Where(loss => loss.Key == task).ToDictionary(),
    };

    /// <summary>The training options but for the strategy, which every contestant has of its own.</summary>
    private JsonElement SharedOptions()
    {
        JsonObject options = JsonSerializer.SerializeToNode(_options.Training, JsonFormat.Options)!.AsObject();
        options.Remove("strategy");
        return JsonSerializer.SerializeToElement(options);
    }

    private static DataSplit OwnRows(MultiTaskData data, DataSplit split, int task) =>
        new(Labelled(data, split.Train, task), Labelled(data, split.Validation, task), Labelled(data, split.Test, task));

    private static int[] Labelled(MultiTaskData data, int[] rows, int task) => [.. rows.Where(row => !double.IsNaN(data.Labels(task)[row]))];

    private static PilotTask[] Tasks(MultiTaskData data, DataSplit split) => [.. data.Tasks.Select((task, index) =>
    {
        DataSplit own = OwnRows(data, split, index);
        return new PilotTask
        {
            Name = task.Name,
            Kind = task.Kind,
            Classes = task.Classes,
            TrainLabels = own.Train.Length,
            ValidationLabels = own.Validation.Length,
            TestLabels = own.Test.Length,
            TestRarest = task.Kind == TaskKind.Regression
                ? own.Test.Length
                : Enumerable.Range(0, task.Classes.Count).Min(value => own.Test.Count(row => (int)data.Labels(index)[row] == value)),
        };
    })];

    private static string SplitName(SplitOptions split) => split.Method == SplitMethod.Group
        ? $"by groups of {split.GroupColumn}"
        : split.Method == SplitMethod.Order ? "by order" : split.Method.ToString().ToLowerInvariant();

    /// <summary>Progress of one of several networks as a share of all.</summary>
    private sealed class Part(IProgress<double> whole, int index, int count) : IProgress<double>
    {
        public void Report(double value) => whole.Report((index + value) / count);
    }
}
