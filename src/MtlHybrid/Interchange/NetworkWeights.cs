using MtlHybrid.Engine;
using MtlHybrid.Modeling;

namespace MtlHybrid.Interchange;

/// <summary>Weights of a network as a safetensors file with PyTorch's names and layouts: a linear layer called
/// <c>trunk.0</c> has <c>trunk.0.weight</c> [out, in] and <c>trunk.0.bias</c> [out]; a layer norm weight and bias
/// [width]; an embedding weight [categories, width].</summary>
public static class NetworkWeights
{
    /// <summary>Writes all parameters.</summary>
    public static void Save(string path, Network network, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile.Write(path, [.. network.Parameters.Select(tensor => Entry(network, graph, tensor))]);
    }

    /// <summary>Sets all parameters from a file that must hold exactly the network's tensors.</summary>
    /// <exception cref="ModelFileException">The file cannot be read, or a tensor is missing, unknown or of another shape.</exception>
    public static void Load(string path, Network network, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(network);
        IReadOnlyDictionary<string, SafetensorsEntry> tensors = SafetensorsFile.Read(path);
        var expected = network.Parameters.ToDictionary(tensor => Name(graph, tensor));
        foreach (string name in tensors.Keys.Where(name => !expected.ContainsKey(name)))
            throw new ModelFileException(path, $"tensor '{name}' is not part of this network");
        foreach ((string name, ParameterTensor tensor) in expected)
        {
            if (!tensors.TryGetValue(name, out SafetensorsEntry? entry))
                throw new ModelFileException(path, $"tensor '{name}' is missing");
            if (!entry.Shape.SequenceEqual(Shape(graph, tensor)))
            {
                throw new ModelFileException(
                    path,
                    $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], this network needs [{string.Join(", ", Shape(graph, tensor))}]");
            }

            int bad = Array.FindIndex(entry.Values, value => !float.IsFinite(value));
            if (bad >= 0) throw new ModelFileException(path, $"tensor '{name}' has a value that is not finite (element {bad})");
        }

        // Only after every tensor was found good: a file is applied whole or not at all.
        foreach ((string name, ParameterTensor tensor) in expected)
            network.Write(NetworkBuffer.Parameters, tensor.Offset, tensors[name].Values);
    }

    /// <summary>PyTorch's name of a parameter.</summary>
    public static string Name(ModelGraph graph, ParameterTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(tensor);
        string node = graph.Nodes[tensor.Node] switch
        {
            LinearNode linear => linear.Name,
            LayerNormNode norm => norm.Name,
            EmbeddingNode embedding => embedding.Name,
            GraphNode other => throw new InvalidOperationException($"a {other.GetType().Name} has no parameters"),
        };
        return node + (tensor.Role == ParameterRole.Bias ? ".bias" : ".weight");
    }

    private static long[] Shape(ModelGraph graph, ParameterTensor tensor) =>
        graph.Nodes[tensor.Node] is LayerNormNode || tensor.Role == ParameterRole.Bias
            ? [(long)tensor.Rows * tensor.Columns]
            : [tensor.Rows, tensor.Columns];

    private static SafetensorsEntry Entry(Network network, ModelGraph graph, ParameterTensor tensor)
    {
        var values = new float[(long)tensor.Rows * tensor.Columns];
        network.Read(NetworkBuffer.Parameters, tensor.Offset, values);
        return new SafetensorsEntry(Name(graph, tensor), Shape(graph, tensor), values);
    }
}
