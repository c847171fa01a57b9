using System.Text.Json;
using MtlHybrid.Data;
using MtlHybrid.Interchange;
using MtlHybrid.Modeling;
using Xunit;

namespace MtlHybrid.Tests.Modeling;

public sealed class ModelBuilderTests
{
    [Fact]
    public void The_preset_names_parameters_as_pytorch_numbers_modules()
    {
        ModelGraph graph = SharedTrunkMlp.Build(
            4, [3, 40], [TaskDefinition.Regression("a"), TaskDefinition.MultiClass("b", 5)], null,
            new MlpOptions { Hidden = [8, 6], HeadHidden = [7], Normalization = NormalizationKind.Layer, Dropout = 0.1 });
        Assert.Equal(
            ["embeddings.0", "embeddings.1", "trunk.0", "trunk.1", "trunk.4", "trunk.5", "heads.0.0", "heads.0.2", "heads.1.0", "heads.1.2"],
            graph.Nodes.Select(Name).OfType<string>());
        Assert.Equal(4 + 2 + 16, graph.Nodes.OfType<ConcatenateNode>().Single().Width);
        Assert.Equal([1, 5], graph.Outputs.Select(output => graph.Nodes[output.Node].Width));
        Assert.Equal([LossKind.MeanSquare, LossKind.SoftmaxCrossEntropy], graph.Outputs.Select(output => output.Loss.Kind));
        Assert.Equal((4, 2), (graph.Features, graph.CategoricalColumns));
    }

    [Fact]
    public void Residual_connections_join_layers_of_one_width()
    {
        ModelGraph graph = SharedTrunkMlp.Build(8, [], [TaskDefinition.Regression("a")], null, new MlpOptions { Hidden = [8, 8, 4], Residual = true });
        Assert.Equal(2, graph.Nodes.OfType<AddNode>().Count());
    }

    [Fact]
    public void Without_hidden_layers_the_heads_read_the_inputs()
    {
        ModelGraph graph = SharedTrunkMlp.Build(3, [], [TaskDefinition.Binary("a")], null, new MlpOptions { Hidden = [] });
        Assert.Equal([typeof(DenseInputNode), typeof(LinearNode)], graph.Nodes.Select(node => node.GetType()));
    }

    [Fact]
    public void A_graph_survives_json()
    {
        ModelGraph graph = SharedTrunkMlp.Build(
            4, [3], [TaskDefinition.Regression("a"), TaskDefinition.MultiClass("b", 5)],
            [new LossSpecification { Kind = LossKind.Huber, HuberDelta = 0.1 }, new LossSpecification { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, 2, 3, 4, 5.5] }],
            new MlpOptions { Hidden = [8], Activation = Activation.GeluTanh, Normalization = NormalizationKind.Layer, Dropout = 0.1, Residual = true });
        string json = JsonSerializer.Serialize(graph, JsonFormat.Options);
        ModelGraph back = JsonSerializer.Deserialize<ModelGraph>(json, JsonFormat.Options)!;
        Assert.Equal(json, JsonSerializer.Serialize(back, JsonFormat.Options));
        Assert.Equal(graph.Nodes.Select(node => node.GetType()), back.Nodes.Select(node => node.GetType()));
    }

    [Fact]
    public void Mixing_the_parameters_of_two_tasks_is_refused()
    {
        var model = new ModelBuilder(2);
        Tensor x = model.DenseInput(3);
        Tensor zero = model.Linear(x, 3, owner: 0);
        Tensor one = model.Linear(x, 3, owner: 1);
        Assert.Throws<ArgumentException>(() => model.Add(zero, one));
        Assert.Throws<ArgumentException>(() => model.Concatenate(zero, one));
        Assert.Throws<ArgumentException>(() => model.Linear(zero, 2));
        Assert.Throws<ArgumentException>(() => model.Linear(zero, 2, owner: 1));
        Assert.Throws<ArgumentException>(() => model.Output(1, model.Linear(zero, 1, owner: 0), new LossSpecification()));
        Assert.Throws<InvalidOperationException>(() => model.Build());
    }

    [Fact]
    public void Widths_must_fit_the_loss()
    {
        var model = new ModelBuilder(1);
        Tensor x = model.DenseInput(3);
        Assert.Throws<ArgumentException>(() => model.Output(0, x, new LossSpecification()));
        Assert.Throws<ArgumentException>(() => model.Output(0, model.Linear(x, 1), new LossSpecification { Kind = LossKind.SoftmaxCrossEntropy }));
        Assert.Throws<ArgumentException>(() => model.Output(0, x, new LossSpecification { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, 1] }));
        Assert.Throws<InvalidOptionException>(() => model.Output(0, x, new LossSpecification { Weight = double.NaN }));
        Assert.Throws<ArgumentException>(() => model.Add(x, new ModelBuilder(1).DenseInput(3)));
    }

    private static string? Name(GraphNode node) => node switch
    {
        LinearNode linear => linear.Name,
        LayerNormNode norm => norm.Name,
        EmbeddingNode embedding => embedding.Name,
        _ => null,
    };
}
