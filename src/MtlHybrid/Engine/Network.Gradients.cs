using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// Steps on weighted losses. Nothing here allocates: these calls are made at every batch.
public sealed unsafe partial class Network
{
    /// <summary>
    /// One step on a weighted sum of losses: the trunk steps on d = sum of w_i g_i, each head on its own gradient times a weight
    /// that may be another one. Uses the values and losses of the last forward where there is one on this batch since the last
    /// step (<see cref="Measure"/>), and makes one where there is none. Tasks without a label in the
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
