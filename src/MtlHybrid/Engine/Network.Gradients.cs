using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// Gradients of tasks, each task's apart, and steps on weighted losses. Apart from ConfigureGradients nothing here allocates:
// these calls are made at every batch.
public sealed unsafe partial class Network
{
    /// <summary>Allocates what <see cref="TaskGradients"/> needs; may be called again between batches.</summary>
    /// <param name="memoryShare">Memory for task gradients, as a share of what the network takes without them; finite and above
    /// 0. At least one task fits in any case, and with two parts all. Where not all fit at once, the rest costs twice the
    /// arithmetic.</param>
    /// <param name="maxParts">Into how many parts of the batch gradients are told apart: 1 or 2.</param>
    /// <exception cref="EngineException">Out of memory, or an argument outside its range.</exception>
    public void ConfigureGradients(double memoryShare = 0.5, int maxParts = 1)
    {
        mtl_gradient_options native;
        NativeMethods.mtl_gradient_options_init(&native);
        native.memory_share = memoryShare;
        native.max_parts = maxParts;
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_configure_gradients((mtl_network*)network.Pointer, &native));
        mtl_network_info info;
        NativeMethods.mtl_network_info_init(&info);
        NativeCore.Check(NativeMethods.mtl_network_describe((mtl_network*)network.Pointer, &info));
        _handle.AddPressure(info.memory_bytes - MemoryBytes);
        MemoryBytes = info.memory_bytes;
    }

    /// <summary>
    /// The inner products of the tasks' gradients on the current batch: one forward, unless there is one since the last step,
    /// and one backward through the trunk for all tasks at once. Leaves the values and the gradients of the heads for
    /// <see cref="StepWeighted"/>. Affinity is credited as by <see cref="UpdateGroup"/>.
    /// </summary>
    /// <param name="tasks">Distinct task indices, at least one.</param>
    /// <param name="request">Which gradients, of which rows.</param>
    /// <param name="products">[parts x tasks, parts x tasks] row-major, written: g_i . g_j, symmetric; with two parts the tasks of
    /// the first half come first. Tasks without a label there have rows of zeros. g_i is the gradient of the task's weighted
    /// loss.</param>
    public void TaskGradients(ReadOnlySpan<int> tasks, in GradientRequest request, Span<double> products)
    {
        RequireSome(tasks, nameof(tasks));
        long size = (long)request.Parts * tasks.Length;
        SpanLength.Require(products.Length, size * size, nameof(products), "(parts x tasks) squared");
        var native = new mtl_gradient_request
        {
            struct_size = (uint)sizeof(mtl_gradient_request),
            scope = (int)request.Scope,
            parts = request.Parts,
            rows = request.Rows,
            all_losses = request.AllLosses ? 1 : 0,
        };
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* values = products)
        {
            NativeCore.Check(NativeMethods.mtl_network_task_gradients(
                (mtl_network*)network.Pointer, first, tasks.Length, &native, values));
        }
    }

    /// <summary>
    /// One step on a weighted sum of losses: the trunk steps on d = sum of w_i g_i, each head on its own gradient times a weight
    /// that may be another one. Uses the values and losses of the last forward where there is one on this batch since the last
    /// step (<see cref="Measure"/>, <see cref="TaskGradients"/>), and makes one where there is none. Tasks without a label in the
    /// batch take no part; when no task has one, nothing happens.
    /// </summary>
    /// <param name="tasks">Distinct task indices, at least one.</param>
    /// <param name="sharedWeights">[tasks] of the gradients of the trunk; finite.</param>
    /// <param name="headWeights">[tasks] of the gradients of the heads, finite; empty: the same.</param>
    /// <param name="options">Learning rates and what to measure; the reduction is not used.</param>
    public void StepWeighted(
        ReadOnlySpan<int> tasks, ReadOnlySpan<double> sharedWeights, ReadOnlySpan<double> headWeights, in UpdateOptions options)
    {
        RequireSome(tasks, nameof(tasks));
        SpanLength.Require(sharedWeights.Length, tasks.Length, nameof(sharedWeights), "one per task");
        if (!headWeights.IsEmpty) SpanLength.Require(headWeights.Length, tasks.Length, nameof(headWeights), "one per task, or empty");
        mtl_update_options native = ToNative(options);
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* shared = sharedWeights)
        fixed (double* heads = headWeights)
        {
            NativeCore.Check(NativeMethods.mtl_network_step_weighted(
                (mtl_network*)network.Pointer, first, tasks.Length, shared, heads, &native));
        }
    }

    private static mtl_update_options ToNative(in UpdateOptions options) => new()
    {
        struct_size = (uint)sizeof(mtl_update_options),
        shared_learning_rate = (float)options.SharedLearningRate,
        head_learning_rate = (float)options.HeadLearningRate,
        reduction = (int)options.Reduction,
        all_losses = options.AllLosses ? 1 : 0,
    };
}
