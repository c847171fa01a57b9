using System.Runtime.InteropServices;
using MtlHybrid.Bindings;
using MtlHybrid.Modeling;

namespace MtlHybrid.Engine;

/// <summary>Hands a graph description to the native core, node by node.</summary>
internal static unsafe class GraphCompiler
{
    /// <summary>The graph in the native core.</summary>
    /// <exception cref="EngineException">The core refused a node or a loss, with the reason.</exception>
    /// <exception cref="ArgumentException">A node claims a width it does not have.</exception>
    public static GraphHandle Build(ModelGraph graph)
    {
        var handle = new GraphHandle();
        try
        {
            mtl_graph* native;
            NativeCore.Check(NativeMethods.mtl_graph_create(graph.TaskCount, &native));
            Marshal.InitHandle(handle, (nint)native);
            for (int i = 0; i < graph.Nodes.Count; ++i)
                AddNode(native, graph.Nodes[i], i);
            for (int task = 0; task < graph.TaskCount; ++task)
                AddLoss(native, task, graph.Outputs[task]);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void AddNode(mtl_graph* graph, GraphNode node, int expectedIndex)
    {
        int index;
        mtl_status status = node switch
        {
            DenseInputNode n => NativeMethods.mtl_graph_dense_input(graph, n.Width, &index),
            CategoricalInputNode n => NativeMethods.mtl_graph_categorical_input(graph, n.Width, &index),
            LinearNode n => NativeMethods.mtl_graph_linear(graph, n.Input, n.Width, n.Bias ? 1 : 0, n.Owner, &index),
            ActivationNode n => NativeMethods.mtl_graph_activation(graph, n.Input, (mtl_activation)n.Kind, &index),
            LayerNormNode n => NativeMethods.mtl_graph_layer_norm(graph, n.Input, (float)n.Epsilon, n.Owner, &index),
            DropoutNode n => NativeMethods.mtl_graph_dropout(graph, n.Input, (float)n.Probability, &index),
            EmbeddingNode n => NativeMethods.mtl_graph_embedding(graph, n.Input, n.Column, n.Categories, n.Width, n.Owner, &index),
            ConcatenateNode n => Concatenate(graph, n, &index),
            AddNode n => NativeMethods.mtl_graph_add(graph, n.Left, n.Right, &index),
            _ => throw new ArgumentException($"node {expectedIndex}: the engine does not know {node.GetType().Name}.", nameof(node)),
        };
        NativeCore.Check(status);

        // A description may come from a file; the core's own shape rules decide.
        int width;
        NativeCore.Check(NativeMethods.mtl_graph_node_width(graph, index, &width));
        if (index != expectedIndex || width != node.Width)
        {
            throw new ArgumentException(
                $"node {expectedIndex} ({node.GetType().Name}) says width {node.Width}; its inputs give node {index} of width {width}.", nameof(node));
        }
    }

    private static mtl_status Concatenate(mtl_graph* graph, ConcatenateNode node, int* index)
    {
        int[] inputs = [.. node.Inputs];
        fixed (int* first = inputs)
            return NativeMethods.mtl_graph_concatenate(graph, first, inputs.Length, index);
    }

    private static void AddLoss(mtl_graph* graph, int task, TaskOutput output)
    {
        LossSpecification loss = output.Loss;
        loss.Validate();
        float[] classWeights = [.. (loss.ClassWeights ?? []).Select(weight => (float)weight)];
        fixed (float* weights = classWeights)
        {
            mtl_loss_options options;
            NativeMethods.mtl_loss_options_init(&options);
            options.kind = (int)loss.Kind;
            options.weight = (float)loss.Weight;
            options.huber_delta = (float)loss.HuberDelta;
            options.positive_weight = (float)loss.PositiveWeight;
            options.label_smoothing = (float)loss.LabelSmoothing;
            options.ignore_index = loss.IgnoreIndex;
            options.class_weight_count = classWeights.Length;
            options.class_weights = weights;
            NativeCore.Check(NativeMethods.mtl_graph_loss(graph, task, output.Node, &options));
        }
    }
}
