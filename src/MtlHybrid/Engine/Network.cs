using System.Runtime.InteropServices;
using MtlHybrid.Bindings;
using MtlHybrid.Modeling;

namespace MtlHybrid.Engine;

/// <summary>
/// A compiled network on a device: parameters, gradients and optimizer state in flat arrays with the layout
/// [shared | task 0 | task 1 | ...], and the losses and affinity kept beside them. Used by one thread at a time.
/// </summary>
public sealed unsafe partial class Network : IDisposable
{
    private readonly NetworkHandle _handle;

    private Network(NetworkHandle handle, Device device, ModelGraph graph, in mtl_network_info info, IReadOnlyList<ParameterTensor> parameters)
    {
        _handle = handle;
        Device = device;
        Tasks = info.tasks;
        Outputs = info.outputs;
        MaxBatch = info.max_batch;
        ParameterCount = info.parameters;
        MemoryBytes = info.memory_bytes;
        Parameters = parameters;
        Features = graph.Features;
        CategoricalColumns = graph.CategoricalColumns;
        OutputWidths = [.. graph.Outputs.Select(output => graph.Nodes[output.Node].Width)];
        LossKinds = [.. graph.Outputs.Select(output => output.Loss.Kind)];
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>Number of tasks.</summary>
    public int Tasks { get; }

    /// <summary>Dense inputs per row.</summary>
    public int Features { get; }

    /// <summary>Categorical inputs per row.</summary>
    public int CategoricalColumns { get; }

    /// <summary>Sum of the widths of all predictions.</summary>
    public int Outputs { get; }

    /// <summary>Width of each task's prediction; raw outputs are [rows, sum of these] in task order.</summary>
    public IReadOnlyList<int> OutputWidths { get; }

    /// <summary>Which loss each task has.</summary>
    public IReadOnlyList<LossKind> LossKinds { get; }

    /// <summary>Rows per batch at most.</summary>
    public int MaxBatch { get; }

    /// <summary>Rows of the batch begun last; 0 before the first.</summary>
    public int BatchRows { get; private set; }

    /// <summary>Elements of each flat array, padding between slices included.</summary>
    public long ParameterCount { get; }

    /// <summary>Everything the network allocated, in bytes; more after <see cref="ConfigureGradients"/>.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>The parameter tensors, in the order of the layout.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Checks a graph, plans and allocates all memory, and initialises the parameters.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="graph">The network's description.</param>
    /// <param name="maxBatch">Rows per batch at most; at least 1.</param>
    /// <param name="seed">Of the initial parameters and of dropout.</param>
    /// <exception cref="EngineException">The graph does not fit together, or memory could not be had; with the reason.</exception>
    /// <exception cref="ArgumentException">A node claims a width it does not have.</exception>
    public static Network Compile(Device device, ModelGraph graph, int maxBatch, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);

        mtl_compile_options options;
        NativeMethods.mtl_compile_options_init(&options);
        options.max_batch = maxBatch;
        options.seed = seed;

        var handle = new NetworkHandle();
        try
        {
            using var context = new HandleLease(device.Handle, device);
            using GraphHandle graphHandle = GraphCompiler.Build(graph);
            using var graphLease = new HandleLease(graphHandle, graph);
            mtl_network* network;
            NativeCore.Check(NativeMethods.mtl_network_compile(
                (mtl_context*)context.Pointer, (mtl_graph*)graphLease.Pointer, &options, &network));
            Marshal.InitHandle(handle, (nint)network);

            mtl_network_info info;
            NativeMethods.mtl_network_info_init(&info);
            NativeCore.Check(NativeMethods.mtl_network_describe(network, &info));
            handle.AddPressure(info.memory_bytes);
            return new Network(handle, device, graph, info, ReadParameters(network, info.parameter_tensors));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Where an owner's slice lies in the flat arrays.</summary>
    /// <param name="owner">-1: the trunk; otherwise the task.</param>
    public (long Offset, long Count) Slice(int owner)
    {
        using HandleLease network = Lease();
        long offset;
        long count;
        NativeCore.Check(NativeMethods.mtl_network_slice((mtl_network*)network.Pointer, owner, &offset, &count));
        return (offset, count);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static List<ParameterTensor> ReadParameters(mtl_network* network, int count)
    {
        var tensors = new List<ParameterTensor>(count);
        for (int i = 0; i < count; ++i)
        {
            mtl_parameter_info info;
            NativeMethods.mtl_parameter_info_init(&info);
            NativeCore.Check(NativeMethods.mtl_network_parameter(network, i, &info));
            tensors.Add(new ParameterTensor(info.node, (ParameterRole)info.role, info.owner, info.rows, info.columns, info.offset));
        }
        return tensors;
    }

    internal HandleLease Lease() => new(_handle, this);
}
