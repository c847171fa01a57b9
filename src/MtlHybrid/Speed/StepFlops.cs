using MtlHybrid.Modeling;

namespace MtlHybrid.Speed;

/// <summary>
/// Floating-point operations of a training step. Only the matrix products of linear layers count, 2 rows in out each: forward
/// y = x W^T; backward dW = dy^T x; and dx = dy W where parameters lie before the layer. Biases, activations, losses and the
/// optimizer, which grow with a layer's width and not with its square, do not count.
/// </summary>
public static class StepFlops
{
    /// <summary>The operations of updating groups of tasks one after the other on one batch, with the losses of all tasks measured
    /// at each update.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="groups">Task indices of each group; one group of all tasks is a joint step.</param>
    public static long Of(ModelGraph graph, int rows, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(groups);
        bool[] learns = DependsOnParameters(graph);
        long products = 0;
        foreach (LinearNode layer in graph.Nodes.OfType<LinearNode>())
        {
            long size = (long)graph.Nodes[layer.Input].Width * layer.Width;
            int backward = layer.Owner == ModelGraph.Shared ? groups.Count : groups.Count(group => group.Contains(layer.Owner));
            products += size * (groups.Count + backward * (learns[layer.Input] ? 2 : 1));
        }

        return 2 * rows * products;
    }

    private static bool[] DependsOnParameters(ModelGraph graph)
    {
        var learns = new bool[graph.Nodes.Count];
        for (int i = 0; i < learns.Length; i++)
        {
            learns[i] = graph.Nodes[i] switch
            {
                LinearNode or LayerNormNode or EmbeddingNode => true,
                ActivationNode node => learns[node.Input],
                DropoutNode node => learns[node.Input],
                ConcatenateNode node => node.Inputs.Any(input => learns[input]),
                AddNode node => learns[node.Left] || learns[node.Right],
                _ => false,
            };
        }

        return learns;
    }
}
