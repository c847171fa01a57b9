using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// Steps on one batch. Nothing here allocates: these calls are made many thousand times a second.
public sealed unsafe partial class Network
{
    /// <summary>Sets the optimizer; state and step counts stay. A new network has the defaults of <see cref="OptimizerOptions"/>.</summary>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public void ConfigureOptimizer(OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        mtl_optimizer_options native;
        NativeMethods.mtl_optimizer_options_init(&native);
        native.kind = (int)options.Kind;
        native.momentum = (float)options.Momentum;
        native.nesterov = options.Nesterov ? 1 : 0;
        native.beta1 = (float)options.Beta1;
        native.beta2 = (float)options.Beta2;
        native.epsilon = (float)options.Epsilon;
        native.weight_decay = (float)options.WeightDecay;
        native.clip_norm = (float)options.ClipNorm;
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_configure_optimizer((mtl_network*)network.Pointer, &native));
    }

    /// <summary>Sets how proximal inter-task affinity is tracked.</summary>
    /// <param name="enabled">Whether it is tracked at all; a new network does not.</param>
    /// <param name="credit">Which group a change of the losses is credited to.</param>
    /// <param name="decay">beta in B &lt;- (1 - beta) B + beta b; in (0, 1].</param>
    /// <param name="limit">A single measurement below minus this counts as minus this; finite, at least 0; 0: no limit.</param>
    public void ConfigureAffinity(bool enabled, AffinityCredit credit, double decay, double limit = 0)
    {
        mtl_affinity_options native;
        NativeMethods.mtl_affinity_options_init(&native);
        native.enabled = enabled ? 1 : 0;
        native.credit = (int)credit;
        native.decay = (float)decay;
        native.limit = (float)limit;
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_configure_affinity((mtl_network*)network.Pointer, &native));
    }

    /// <summary>Gathers a batch, and forgets the losses known from the batch before. Does not allocate.</summary>
    /// <param name="data">With the network's inputs and tasks, on its device.</param>
    /// <param name="rows">Row indices; 1 to <see cref="MaxBatch"/> of them, repeats allowed.</param>
    /// <param name="batchIndex">Keys dropout.</param>
    public void BeginBatch(DeviceDataset data, ReadOnlySpan<int> rows, ulong batchIndex)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireSome(rows, nameof(rows));
        using HandleLease network = Lease();
        using var dataset = new HandleLease(data.Handle, data);
        fixed (int* first = rows)
        {
            NativeCore.Check(NativeMethods.mtl_network_begin_batch(
                (mtl_network*)network.Pointer, (mtl_dataset*)dataset.Pointer, first, rows.Length, batchIndex));
        }

        BatchRows = rows.Length;
    }

    /// <summary>
    /// One group update on the current batch: forward, losses, affinity update, backward of the group's loss, optimizer step on
    /// the trunk and on the heads of the group. Members without a label in the batch take no part; when no member has one,
    /// nothing happens. Does not allocate.
    /// </summary>
    /// <param name="tasks">The group: distinct task indices, at least one.</param>
    /// <param name="options">Learning rates and what to measure.</param>
    public void UpdateGroup(ReadOnlySpan<int> tasks, in UpdateOptions options)
    {
        RequireSome(tasks, nameof(tasks));
        mtl_update_options native = ToNative(options);
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        {
            NativeCore.Check(NativeMethods.mtl_network_update_group(
                (mtl_network*)network.Pointer, first, tasks.Length, &native));
        }
    }

    /// <summary>Forward and losses of all tasks on the current batch, with training behaviour, and the affinity update for the
    /// last group that stepped; no step. Does not allocate.</summary>
    public void Measure()
    {
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_measure((mtl_network*)network.Pointer));
    }

    /// <summary>As <see cref="UpdateGroup"/>, without affinity and step: leaves the gradients in
    /// <see cref="NetworkBuffer.Gradients"/>.</summary>
    /// <param name="tasks">The group: distinct task indices, at least one.</param>
    /// <param name="reduction">How the group's losses become one.</param>
    public void ComputeGradients(ReadOnlySpan<int> tasks, GroupReduction reduction)
    {
        RequireSome(tasks, nameof(tasks));
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        {
            NativeCore.Check(NativeMethods.mtl_network_gradients(
                (mtl_network*)network.Pointer, first, tasks.Length, (mtl_group_reduction)reduction));
        }
    }

    /// <summary>The unweighted losses of the last forward of the current batch; NaN where undefined or not measured.</summary>
    /// <param name="losses">[tasks], written.</param>
    public void ReadLosses(Span<double> losses)
    {
        SpanLength.Require(losses.Length, Tasks, nameof(losses), "tasks");
        using HandleLease network = Lease();
        fixed (double* first = losses)
            NativeCore.Check(NativeMethods.mtl_network_read_losses((mtl_network*)network.Pointer, first));
    }

    /// <summary>Per task, over the batches since the last call: the sum of the loss at the first forward that measured it in each
    /// batch, and the number of batches with a defined loss; both are then cleared.</summary>
    /// <param name="sums">[tasks], written; not finite when a loss was not.</param>
    /// <param name="batches">[tasks], written.</param>
    public void TakeLossTotals(Span<double> sums, Span<long> batches)
    {
        SpanLength.Require(sums.Length, Tasks, nameof(sums), "tasks");
        SpanLength.Require(batches.Length, Tasks, nameof(batches), "tasks");
        using HandleLease network = Lease();
        fixed (double* firstSum = sums)
        fixed (long* firstCount = batches)
            NativeCore.Check(NativeMethods.mtl_network_take_loss_totals((mtl_network*)network.Pointer, firstSum, firstCount));
    }

    private static void RequireSome(ReadOnlySpan<int> indices, string argument)
    {
        if (indices.IsEmpty)
            throw new ArgumentException($"{argument} must name at least one index; it is empty.", argument);
    }
}
