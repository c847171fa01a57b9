using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Evaluation;
using MtlHybrid.Interchange;
using MtlHybrid.Modeling;

namespace MtlHybrid.Training;

/// <summary>A network with its scalers and categories: predicts, evaluates, saves and loads.</summary>
/// <remarks>Any number of threads may predict and evaluate at the same time; what a row gets does not depend on that. Saving reads the
/// network, which one thread at a time may do. While a prediction is being computed, training <see cref="Network"/> further is
/// refused with <see cref="EngineStatus.Busy"/>, and the other way round.</remarks>
/// <example>Serving rows one by one, without allocating:<code>
/// double[] numbers = [12.5, 3.1];                                  // in the order of model.Encoder.NumericInputs; NaN: missing
/// int[] codes = [model.Encoder.CategoryCode(0, "steel")];          // in the order of model.Encoder.CategoricalInputs
/// double[] values = new double[model.ValuesPerRow];
/// model.Predict(numbers, codes, values);
/// double hardness = values[model.FirstValue(task: 0)];
/// </code></example>
public sealed partial class TrainedModel : IDisposable
{
    /// <summary>Name of the weights inside a run folder.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>Name of the description inside a run folder.</summary>
    public const string DescriptionFile = "model.json";

    private const int InferenceBatch = 256;
    private readonly Device _device;

    internal TrainedModel(Device device, ModelGraph graph, DataEncoder encoder, DataOptions dataOptions, int maxBatch, ulong seed)
    {
        _device = device;
        Graph = graph;
        Encoder = encoder;
        DataOptions = dataOptions;
        try
        {
            Network = Network.Compile(device, graph, maxBatch, seed);
            _predictors = new PredictorPool(Network);
            _converter = new OutputConverter(encoder);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>What is predicted.</summary>
    public IReadOnlyList<TaskDefinition> Tasks => Encoder.Tasks;

    /// <summary>The network as a graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Scalers and categories, learned on the training part.</summary>
    public DataEncoder Encoder { get; }

    /// <summary>How the training data were read.</summary>
    public DataOptions DataOptions { get; }

    /// <summary>The compiled network.</summary>
    public Network Network { get; }

    /// <summary>Reads the model of a run folder.</summary>
    /// <param name="folder">A folder written by <see cref="Save"/> or by a training run.</param>
    /// <param name="device">Where to compute; null: the default.</param>
    /// <param name="logger">Told which device was chosen and why; null: nobody.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, or of a version this library cannot read.</exception>
    /// <exception cref="EngineException">The device cannot be had, with the reason.</exception>
    public static TrainedModel Load(string folder, DeviceOptions? device = null, ILogger? logger = null)
    {
        string path = Path.Combine(folder, DescriptionFile);
        ModelDescription description = ReadDescription(path);
        var model = new TrainedModel(
            Device.Open(device, logger), description.Graph, DataEncoder.FromDescription(description.Encoder), description.Data, InferenceBatch, seed: 0);
        try
        {
            NetworkWeights.Load(Path.Combine(folder, WeightsFile), model.Network, model.Graph);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes the model into a folder, which is made when it is not there.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        NetworkWeights.Save(Path.Combine(folder, WeightsFile), Network, Graph);
        AtomicFile.Write(Path.Combine(folder, DescriptionFile), stream => JsonSerializer.Serialize(stream, Describe(), JsonFormat.Options));
    }

    /// <summary>Metrics of every task over rows of a data set, in raw units.</summary>
    /// <param name="data">Data with this model's tasks, in its order.</param>
    /// <param name="rows">Which rows.</param>
    public IReadOnlyList<TaskScores> Evaluate(MultiTaskData data, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(data);
        Predictions predictions = Predict(data, rows);
        var metrics = new TaskScores[Tasks.Count];
        var labels = new double[rows.Length];
        for (int task = 0; task < metrics.Length; task++)
        {
            ReadOnlySpan<double> all = data.Labels(task);
            for (int i = 0; i < rows.Length; i++) labels[i] = all[rows[i]];
            metrics[task] = TaskEvaluator.Evaluate(Tasks[task], predictions.Values(task), labels, Encoder.TargetMeans[task]);
        }

        return metrics;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _predictors.Dispose();
        Network.Dispose();
        _device.Dispose();
    }

    internal DeviceDataset Upload(EncodedData data) => DeviceDataset.Create(
        _device, data.Rows, data.Features, data.CategoricalColumns, data.Tasks, data.FeatureValues, data.Codes, data.Labels);

    private ModelDescription Describe() => new()
    {
        FormatVersion = ModelDescription.CurrentVersion,
        ReadableFromVersion = ModelDescription.CurrentVersion,
        OldestReadableVersion = ModelDescription.OldestReadable,
        Library = typeof(TrainedModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Graph = Graph,
        Encoder = Encoder.Describe(),
        Data = DataOptions,
    };

    private static ModelDescription ReadDescription(string path)
    {
        try
        {
            string text = File.ReadAllText(path);
            CheckVersion(path, text);
            return JsonSerializer.Deserialize<ModelDescription>(text, JsonFormat.Options)
                ?? throw new ModelFileException(path, "is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ModelFileException(path, $"is not a model description: {e.Message}", e);
        }
    }

    // Before anything else is read, since a newer format may have keys that this library refuses.
    private static void CheckVersion(string path, string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("formatVersion", out JsonElement written)
            || !document.RootElement.TryGetProperty("readableFromVersion", out JsonElement needed)
            || !written.TryGetInt32(out int writtenVersion)
            || !needed.TryGetInt32(out int neededVersion))
        {
            throw new ModelFileException(path, "is not a model description: the format version is missing");
        }

        if (neededVersion > ModelDescription.CurrentVersion)
            throw new ModelFileException(path, $"needs a library that reads format {neededVersion}; this one reads up to {ModelDescription.CurrentVersion}");
        if (writtenVersion < ModelDescription.OldestReadable)
            throw new ModelFileException(path, $"is of format {writtenVersion}; the oldest this library reads is {ModelDescription.OldestReadable}");
    }
}
