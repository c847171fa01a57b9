using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// What is kept in and beside the network: parameters, optimizer state, step counts, affinity.
public sealed unsafe partial class Network
{
    /// <summary>New parameters from a seed (linear: uniform in +-1/sqrt(in) for weight and bias; layer norm: 1 and 0; embedding:
    /// standard normal). Optimizer state, step counts, loss totals and affinity are cleared.</summary>
    public void Initialize(ulong seed)
    {
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_initialize((mtl_network*)network.Pointer, seed));
    }

    /// <summary>Copies elements out of a flat array.</summary>
    /// <param name="buffer">Which one.</param>
    /// <param name="offset">Of the first element.</param>
    /// <param name="values">As many as it holds are copied; offset + length is at most <see cref="ParameterCount"/>.</param>
    public void Read(NetworkBuffer buffer, long offset, Span<float> values)
    {
        RequireInside(offset, values.Length);
        using HandleLease network = Lease();
        fixed (float* first = values)
        {
            if (first != null)
                NativeCore.Check(NativeMethods.mtl_network_read((mtl_network*)network.Pointer, (mtl_buffer)buffer, offset, values.Length, first));
        }
    }

    /// <summary>Copies elements into a flat array.</summary>
    /// <param name="buffer">Which one.</param>
    /// <param name="offset">Of the first element.</param>
    /// <param name="values">As many as it holds are copied; offset + length is at most <see cref="ParameterCount"/>.</param>
    public void Write(NetworkBuffer buffer, long offset, ReadOnlySpan<float> values)
    {
        RequireInside(offset, values.Length);
        using HandleLease network = Lease();
        fixed (float* first = values)
        {
            if (first != null)
                NativeCore.Check(NativeMethods.mtl_network_write((mtl_network*)network.Pointer, (mtl_buffer)buffer, offset, values.Length, first));
        }
    }

    /// <summary>Optimizer steps taken per slice.</summary>
    /// <param name="counts">[tasks + 1], written: shared, task 0, task 1, ...</param>
    public void ReadStepCounts(Span<long> counts)
    {
        SpanLength.Require(counts.Length, Tasks + 1L, nameof(counts), "tasks + 1");
        using HandleLease network = Lease();
        fixed (long* first = counts)
            NativeCore.Check(NativeMethods.mtl_network_read_step_counts((mtl_network*)network.Pointer, first));
    }

    /// <summary>Sets the optimizer steps taken per slice, as read by <see cref="ReadStepCounts"/>.</summary>
    /// <param name="counts">[tasks + 1]: shared, task 0, task 1, ...</param>
    public void WriteStepCounts(ReadOnlySpan<long> counts)
    {
        SpanLength.Require(counts.Length, Tasks + 1L, nameof(counts), "tasks + 1");
        using HandleLease network = Lease();
        fixed (long* first = counts)
            NativeCore.Check(NativeMethods.mtl_network_write_step_counts((mtl_network*)network.Pointer, first));
    }

    /// <summary>The affinity B and how many observations each entry rests on.</summary>
    /// <param name="affinity">[tasks, tasks], written; row = source, column = target.</param>
    /// <param name="observations">[tasks, tasks], written; or empty when not wanted.</param>
    public void ReadAffinity(Span<double> affinity, Span<long> observations)
    {
        RequireMatrices(affinity.Length, observations.Length);
        using HandleLease network = Lease();
        fixed (double* values = affinity)
        fixed (long* counts = observations)
            NativeCore.Check(NativeMethods.mtl_network_read_affinity((mtl_network*)network.Pointer, values, counts));
    }

    /// <summary>Asks for the affinity as it is after every call so far, without waiting for the device; forgets what was asked for
    /// before. Does not allocate.</summary>
    public void RequestAffinity()
    {
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_request_affinity((mtl_network*)network.Pointer));
    }

    /// <summary>What <see cref="RequestAffinity"/> asked for last; waits only if it has not arrived. May be called again. Does not
    /// allocate.</summary>
    /// <param name="affinity">[tasks, tasks], written; row = source, column = target.</param>
    /// <param name="observations">[tasks, tasks], written; empty: not wanted.</param>
    /// <exception cref="EngineException">Nothing was asked for.</exception>
    public void TakeAffinity(Span<double> affinity, Span<long> observations)
    {
        RequireMatrices(affinity.Length, observations.Length);
        using HandleLease network = Lease();
        fixed (double* values = affinity)
        fixed (long* counts = observations)
            NativeCore.Check(NativeMethods.mtl_network_take_affinity((mtl_network*)network.Pointer, values, counts));
    }

    /// <summary>Sets the affinity B, as read by <see cref="ReadAffinity"/>.</summary>
    /// <param name="affinity">[tasks, tasks]; row = source, column = target.</param>
    /// <param name="observations">[tasks, tasks]; empty: taken as 0.</param>
    public void WriteAffinity(ReadOnlySpan<double> affinity, ReadOnlySpan<long> observations)
    {
        RequireMatrices(affinity.Length, observations.Length);
        using HandleLease network = Lease();
        fixed (double* values = affinity)
        fixed (long* counts = observations)
            NativeCore.Check(NativeMethods.mtl_network_write_affinity((mtl_network*)network.Pointer, values, counts));
    }

    private void RequireMatrices(int affinityLength, int observationsLength)
    {
        long expected = (long)Tasks * Tasks;
        SpanLength.Require(affinityLength, expected, "affinity", "tasks x tasks");
        if (observationsLength != 0)
            SpanLength.Require(observationsLength, expected, "observations", "tasks x tasks, or empty");
    }

    private void RequireInside(long offset, int length)
    {
        if (offset < 0 || offset > ParameterCount - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"offset {offset} with {length} values does not lie in the flat array of {ParameterCount} elements.");
        }
    }
}
