using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Interchange;
using MtlHybrid.Modeling;

namespace MtlHybrid.Training;

/// <summary>Trains one network on all tasks of a data set.</summary>
/// <example><code>
/// MultiTaskData data = MultiTaskData.Load("tecator.csv", new DataOptions { Targets = ["moisture", "fat", "protein"] });
/// using TrainingResult result = new Trainer(new TrainingOptions { Seed = 1 }).Train(data);
/// result.Model.Save("run");
/// </code></example>
public sealed class Trainer
{
    private readonly TrainingOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    /// <summary>A trainer; it may be used for several runs.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="logger">Where remarks go; null: nowhere.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public Trainer(TrainingOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Splits the data by the options and trains.</summary>
    /// <inheritdoc cref="Train(MultiTaskData, DataSplit, IProgress{TrainingProgress}?, CancellationToken)"/>
    public TrainingResult Train(
        MultiTaskData data, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        Train(data, Splitter.Split(data, _options.Split, _options.Seed), progress, cancellation);

    /// <summary>Trains on given parts of the data.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="split">Which rows train, validate and test; scaling is learned on the training rows alone.</param>
    /// <param name="progress">Told about progress, a few times per second at most.</param>
    /// <param name="cancellation">Ends training after the current batch; the result is what was reached, with
    /// <see cref="StopReason.Cancelled"/>.</param>
    /// <exception cref="DataException">The data cannot be trained on.</exception>
    /// <exception cref="ModelFileException">The initial weights cannot be read or do not fit.</exception>
    /// <exception cref="EngineException">The device refused.</exception>
    public TrainingResult Train(
        MultiTaskData data, DataSplit split, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(split);
        long started = _time.GetTimestamp();
        var notes = new List<string>();
        int[] rows = LabelledRows(data, split.Train, notes);
        int batchSize = _options.BatchSize;
        if (batchSize > rows.Length)
        {
            notes.Add($"the batch size {batchSize} was reduced to the {rows.Length} training rows");
            batchSize = rows.Length;
        }

        if (split.Validation.Length == 0) notes.Add("there is no validation part: no early stopping, the last weights are kept");
        DataEncoder encoder = DataEncoder.Fit(data, split.Train);
        notes.AddRange(encoder.Notes);
        ModelGraph graph = SharedTrunkMlp.Build(
            encoder.FeatureCount, encoder.CategoryCounts, data.Tasks, LossesFor(data.Tasks), _options.Model);
        Device device = Device.Open(_options.Device, _logger);
        var model = new TrainedModel(device, graph, encoder, data.Options, batchSize, _options.Seed);
        try
        {
            if (_options.InitialWeights is { } weights) NetworkWeights.Load(weights, model.Network, graph);
            using DeviceDataset dataset = model.Upload(encoder.Encode(data));
            var loop = new TrainingLoop(_options, model.Network, dataset, data, graph, rows, split.Validation, batchSize, _logger, _time);
            if (_options.TraceEvents > 0) device.StartTrace(_options.TraceEvents);
            StopReason reason = loop.Run(progress, cancellation);
            foreach (string note in notes) _logger.LogInformation("{Note}", note);
            return new TrainingResult
            {
                Model = model,
                History = loop.History(),
                Options = _options,
                Split = split,
                StopReason = reason,
                Validation = split.Validation.Length > 0 ? model.Evaluate(data, split.Validation) : [],
                Test = split.Test.Length > 0 ? model.Evaluate(data, split.Test) : [],
                Duration = _time.GetElapsedTime(started),
                Batches = loop.Batches,
                OptimizerSteps = loop.OptimizerSteps,
                Notes = notes,
                Trace = _options.TraceEvents > 0 ? device.StopTrace() : null,
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private LossSpecification[] LossesFor(IReadOnlyList<TaskDefinition> tasks)
    {
        string? unknown = _options.Losses.Keys.FirstOrDefault(name => tasks.All(task => task.Name != name));
        if (unknown is not null)
            throw new InvalidOptionException(nameof(TrainingOptions.Losses), $"keyed by task ({string.Join(", ", tasks.Select(t => t.Name))})", unknown);
        return [.. tasks.Select(task => Loss(task))];
    }

    private LossSpecification Loss(TaskDefinition task)
    {
        LossSpecification usual = LossSpecification.DefaultFor(task.Kind);
        if (!_options.Losses.TryGetValue(task.Name, out LossSpecification? chosen)) return usual;
        bool fits = task.Kind == TaskKind.Regression
            ? chosen.Kind is LossKind.MeanSquare or LossKind.MeanAbsolute or LossKind.Huber
            : chosen.Kind == usual.Kind;
        return fits
            ? chosen
            : throw new InvalidOptionException($"{nameof(TrainingOptions.Losses)}[{task.Name}]", $"a loss for {task.Kind} tasks", chosen.Kind);
    }

    // A row without any label would only make batches smaller than they look.
    private static int[] LabelledRows(MultiTaskData data, int[] rows, List<string> notes)
    {
        int[] labelled = [.. rows.Where(row => Enumerable.Range(0, data.Tasks.Count).Any(task => !double.IsNaN(data.Labels(task)[row])))];
        if (labelled.Length == 0) throw new DataException("no row of the training part has a label");
        if (labelled.Length < rows.Length) notes.Add($"{rows.Length - labelled.Length} training rows without any label were left out");
        return labelled;
    }
}
