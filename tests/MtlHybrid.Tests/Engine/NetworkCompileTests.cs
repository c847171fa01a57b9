using MtlHybrid.Engine;
using MtlHybrid.Modeling;
using Xunit;

namespace MtlHybrid.Tests.Engine;

public sealed class NetworkCompileTests
{
    [Fact]
    public void The_layout_names_every_parameter_of_the_graph_once_inside_its_owners_slice()
    {
        using Device device = SmallProblem.OpenDevice();
        ModelGraph graph = SmallProblem.Graph();
        using Network network = Network.Compile(device, graph, maxBatch: 8, seed: 0);

        var expected = new List<(int Node, ParameterRole Role, int Rows, int Columns)>();
        for (int i = 0; i < graph.Nodes.Count; ++i)
        {
            switch (graph.Nodes[i])
            {
                case LinearNode linear:
                    expected.Add((i, ParameterRole.Weight, linear.Width, graph.Nodes[linear.Input].Width));
                    expected.Add((i, ParameterRole.Bias, 1, linear.Width));
                    break;
                case LayerNormNode norm:
                    expected.Add((i, ParameterRole.Weight, 1, norm.Width));
                    expected.Add((i, ParameterRole.Bias, 1, norm.Width));
                    break;
                case EmbeddingNode embedding:
                    expected.Add((i, ParameterRole.Table, embedding.Categories, embedding.Width));
                    break;
                default:
                    break;
            }
        }
        Assert.Equal(expected.Order(), network.Parameters.Select(p => (p.Node, p.Role, p.Rows, p.Columns)).Order());
        Assert.All(network.Parameters, tensor =>
        {
            (long offset, long count) = network.Slice(tensor.Owner);
            Assert.InRange(tensor.Offset, offset, offset + count - (long)tensor.Rows * tensor.Columns);
        });
        Assert.Equal([1, 1, 3], network.OutputWidths);
        Assert.Equal(SmallProblem.Outputs, network.Outputs);
        Assert.Equal(8, network.MaxBatch);
        Assert.Equal((SmallProblem.Features, 1), (network.Features, network.CategoricalColumns));
        Assert.True(network.MemoryBytes > network.ParameterCount * sizeof(float));
    }

    [Fact]
    public void Memory_counts_what_task_gradients_take_each_time_they_are_configured()
    {
        using Device device = SmallProblem.OpenDevice();
        using Network network = Network.Compile(device, SmallProblem.Graph(), maxBatch: 8, seed: 0);
        long without = network.MemoryBytes;

        network.ConfigureGradients(memoryShare: 1000);
        long atOnce = network.MemoryBytes;
        network.ConfigureGradients(memoryShare: 1000, maxParts: 2);
        long inParts = network.MemoryBytes;
        network.ConfigureGradients(memoryShare: 1000);

        Assert.True(without < atOnce && without < inParts, $"{without}, {atOnce}, {inParts} bytes");
        Assert.NotEqual(atOnce, inParts);
        Assert.Equal(atOnce, network.MemoryBytes);
    }

    [Fact]
    public void Every_activation_and_loss_of_the_description_is_one_of_the_core()
    {
        Assert.Equal(Names<Bindings.mtl_activation>("MTL_"), Names<Activation>(""));
        Assert.Equal(Names<Bindings.mtl_loss_kind>("MTL_"), Names<LossKind>(""));
        Assert.Equal(Names<Bindings.mtl_optimizer_kind>("MTL_"), Names<OptimizerKind>(""));
        Assert.Equal(Names<Bindings.mtl_group_reduction>("MTL_REDUCTION_"), Names<GroupReduction>(""));
        Assert.Equal(Names<Bindings.mtl_affinity_credit>("MTL_CREDIT_"), Names<AffinityCredit>(""));
        Assert.Equal(Names<Bindings.mtl_parameter_role>("MTL_ROLE_"), Names<ParameterRole>(""));
        Assert.Equal(Names<Bindings.mtl_buffer>("MTL_BUFFER_"), Names<NetworkBuffer>(""));
        string[] statuses = [.. Names<Bindings.mtl_status>("MTL_").Except(["OK=0", "CANCELLED=7"])];
        Assert.Equal(statuses, Names<EngineStatus>(""));

        static string[] Names<T>(string prefix)
            where T : struct, Enum =>
            [.. Enum.GetValues<T>().Where(value => Convert.ToInt32(value) != int.MaxValue)
                .Select(value => $"{value.ToString()[prefix.Length..].Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()}={Convert.ToInt32(value)}")];
    }

    [Fact]
    public void A_width_that_does_not_follow_from_the_inputs_is_refused_with_the_node()
    {
        using Device device = SmallProblem.OpenDevice();
        var graph = new ModelGraph(
            [new DenseInputNode(4), new ActivationNode(5, 0, Activation.Relu), new LinearNode(1, 1, true, 0, "head")],
            [new TaskOutput(2, new LossSpecification())]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Network.Compile(device, graph, 8, 0));

        Assert.Contains("node 1", e.Message, StringComparison.Ordinal);
        Assert.Contains("width 5", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_core_refuses_comes_with_its_own_words()
    {
        using Device device = SmallProblem.OpenDevice();
        var graph = new ModelGraph(
            [new DenseInputNode(4), new LinearNode(2, 0, true, 0, "head 0"), new LinearNode(1, 1, true, 1, "behind head 0")],
            [new TaskOutput(1, new LossSpecification()), new TaskOutput(2, new LossSpecification())]);

        EngineException e = Assert.Throws<EngineException>(() => Network.Compile(device, graph, 8, 0));

        Assert.Equal(EngineStatus.InvalidArgument, e.Status);
        Assert.Contains("mtl_graph_linear", e.Message, StringComparison.Ordinal);
    }
}
