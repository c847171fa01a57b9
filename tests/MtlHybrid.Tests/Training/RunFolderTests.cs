using System.Text.Json;
using MtlHybrid.Data;
using MtlHybrid.Interchange;
using MtlHybrid.Training;
using Xunit;

namespace MtlHybrid.Tests.Training;

public sealed class RunFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mtl-run");

    private string Folder => Path.Combine(_root.FullName, "run");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_run_folder_holds_what_it_promises_and_nothing_else()
    {
        using TrainingResult result = Write("selective");
        Assert.Equal(
            ["affinity.csv", "config.json", "groups.jsonl", "metrics.csv", "model.json", "weights.safetensors"],
            Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["run"], Directory.GetFileSystemEntries(_root.FullName).Select(Path.GetFileName));
        string[] metrics = File.ReadAllLines(Path.Combine(Folder, "metrics.csv"));
        Assert.Equal(1 + result.History.Epochs.Count, metrics.Length);
        Assert.Equal("epoch,batches,optimizer_steps,seconds,learning_rate,train_loss:r,train_loss:b,train_loss:m,validation_loss:r,validation_loss:b,validation_loss:m,validation_score,best", metrics[0]);
        Assert.All(metrics, line => Assert.Equal(metrics[0].Count(c => c == ','), line.Count(c => c == ',')));
        string[] groups = File.ReadAllLines(Path.Combine(Folder, "groups.jsonl"));
        Assert.Equal("""{"batch":0,"epoch":1,"groups":[["r"],["b"],["m"]]}""", groups[0]);
        Assert.Equal(result.History.Groups.Count, groups.Length);
    }

    [Fact]
    public void A_loaded_model_predicts_bit_for_bit_what_the_saved_one_did()
    {
        MultiTaskData data = SmallData.Create();
        using TrainingResult result = Write("joint");
        using TrainedModel loaded = TrainedModel.Load(Folder);
        int[] rows = [.. Enumerable.Range(0, data.Rows)];
        Predictions expected = result.Model.Predict(data, rows);
        Predictions actual = loaded.Predict(data, rows);
        for (int task = 0; task < 3; task++) Assert.Equal(expected.Values(task).ToArray(), actual.Values(task).ToArray());
        Assert.Equal(result.Model.Tasks.Select(t => t.Name), loaded.Tasks.Select(t => t.Name));
        Assert.InRange(expected.Values(0)[0], 20, 200);
        Assert.Equal(1, expected.Values(2)[..3].ToArray().Sum(), 9);
    }

    [Fact]
    public void A_second_run_replaces_the_first_whole()
    {
        Write("selective").Dispose();
        using TrainingResult second = Write("joint");
        Assert.False(File.Exists(Path.Combine(Folder, "affinity.csv")));
        using TrainedModel loaded = TrainedModel.Load(Folder);
        Assert.Equal(SmallData.Weights(second), Weights(loaded));
    }

    [Fact]
    public void Training_options_survive_json()
    {
        TrainingOptions options = SmallData.Options("selective") with
        {
            TimeBudget = TimeSpan.FromSeconds(90),
            Steps = 12,
            Split = new SplitOptions { Method = SplitMethod.Group, GroupColumn = "g" },
        };
        string json = JsonSerializer.Serialize(options, JsonFormat.Options);
        TrainingOptions back = JsonSerializer.Deserialize<TrainingOptions>(json, JsonFormat.Options)!;
        Assert.Equal(json, JsonSerializer.Serialize(back, JsonFormat.Options));
        Assert.Equal(options.Strategy, back.Strategy);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrainingOptions>("""{"learningrat": 3}""", JsonFormat.Options));
    }

    [Fact]
    public void Training_can_start_from_given_weights()
    {
        using TrainingResult first = Write("joint");
        string weights = Path.Combine(Folder, TrainedModel.WeightsFile);
        // At rate nearly 0 the start is what is kept.
        using TrainingResult second = new Trainer(SmallData.Options() with { InitialWeights = weights, LearningRate = 1e-30, Epochs = 1 }).Train(SmallData.Create());
        Assert.Equal(SmallData.Weights(first), SmallData.Weights(second));
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_with_both_shapes()
    {
        Write("joint").Dispose();
        string weights = Path.Combine(Folder, TrainedModel.WeightsFile);
        TrainingOptions other = SmallData.Options() with { InitialWeights = weights, Model = new() { Hidden = [16, 13] } };
        ModelFileException e = Assert.Throws<ModelFileException>(() => new Trainer(other).Train(SmallData.Create()));
        Assert.Contains("trunk.2.weight", e.Message, StringComparison.Ordinal);
        Assert.Contains("[12, 16]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[13, 16]", e.Message, StringComparison.Ordinal);
        TrainingOptions deeper = SmallData.Options() with { InitialWeights = weights, Model = new() { Hidden = [16] } };
        Assert.Throws<ModelFileException>(() => new Trainer(deeper).Train(SmallData.Create()));
    }

    [Theory]
    [InlineData("model.json", "{", "not a model description")]
    [InlineData("model.json", "[]", "not a model description")]
    [InlineData("model.json", """{"formatVersion":7,"readableFromVersion":6}""", "reads format 6")]
    [InlineData("model.json", """{"formatVersion":0,"readableFromVersion":0}""", "of format 0")]
    [InlineData("weights.safetensors", "abc", "truncated")]
    public void Damaged_models_are_refused_with_the_file_name(string file, string content, string problem)
    {
        Write("joint").Dispose();
        string path = Path.Combine(Folder, file);
        File.WriteAllText(path, content);
        ModelFileException e = Assert.Throws<ModelFileException>(() => TrainedModel.Load(Folder));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_is_refused()
    {
        ModelFileException e = Assert.Throws<ModelFileException>(() => TrainedModel.Load(Folder));
        Assert.Contains("model.json", e.Message, StringComparison.Ordinal);
    }

    private TrainingResult Write(string strategy)
    {
        TrainingResult result = new Trainer(SmallData.Options(strategy)).Train(SmallData.Create());
        RunFolder.Write(Folder, result);
        return result;
    }

    private static float[] Weights(TrainedModel model)
    {
        var values = new float[model.Network.ParameterCount];
        model.Network.Read(MtlHybrid.Engine.NetworkBuffer.Parameters, 0, values);
        return values;
    }
}
