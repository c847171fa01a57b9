using System.Reflection;
using System.Text.Json;
using MtlHybrid.Data;
using MtlHybrid.Engine;
using MtlHybrid.Evaluation;
using MtlHybrid.Interchange;
using MtlHybrid.Modeling;

namespace MtlHybrid.Training;

/// <summary>A network with its scalers and categories: predicts, evaluates, saves and loads. One thread at a time.</summary>
public sealed class TrainedModel : IDisposable
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
    /// <exception cref="ModelFileException">A file is missing, damaged, or of a version this library cannot read.</exception>
    public static TrainedModel Load(string folder, DeviceOptions? device = null)
    {
        string path = Path.Combine(folder, DescriptionFile);
        ModelDescription description = ReadDescription(path);
        var model = new TrainedModel(
            Device.Open(device), description.Graph, DataEncoder.FromDescription(description.Encoder), description.Data, InferenceBatch, seed: 0);
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

    /// <summary>Predicts encoded rows.</summary>
    public Predictions Predict(EncodedInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = new float[(long)inputs.Rows * Network.Outputs];
        Network.Predict(inputs.FeatureValues, inputs.Codes, inputs.Rows, outputs);
        return new Predictions(Tasks, Encoder, outputs, inputs.Rows);
    }

    /// <summary>Predicts rows of a data set.</summary>
    /// <param name="data">Data with the model's inputs.</param>
    /// <param name="rows">Which rows.</param>
    public Predictions Predict(MultiTaskData data, ReadOnlySpan<int> rows) => Predict(Select(Encoder.EncodeInputs(data), rows));

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
        Network.Dispose();
        _device.Dispose();
    }

    internal DeviceDataset Upload(EncodedData data) => DeviceDataset.Create(
        _device, data.Rows, data.Features, data.CategoricalColumns, data.Tasks, data.FeatureValues, data.Codes, data.Labels);

    private static EncodedInputs Select(EncodedInputs inputs, ReadOnlySpan<int> rows)
    {
        var features = new float[(long)rows.Length * inputs.Features];
        var codes = new int[(long)rows.Length * inputs.CategoricalColumns];
        for (int i = 0; i < rows.Length; i++)
        {
            inputs.FeatureValues.AsSpan(rows[i] * inputs.Features, inputs.Features).CopyTo(features.AsSpan(i * inputs.Features));
            inputs.Codes.AsSpan(rows[i] * inputs.CategoricalColumns, inputs.CategoricalColumns).CopyTo(codes.AsSpan(i * inputs.CategoricalColumns));
        }

        return inputs with { Rows = rows.Length, FeatureValues = features, Codes = codes };
    }

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
