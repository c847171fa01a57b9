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
    /// <param name="matrices">0; 1: the gradients themselves are kept too, [tasks, shared parameters]; 2: and a second such matrix,
    /// for moving averages or squares. Beside the memory share.</param>
    /// <param name="directions">Whether <see cref="ProjectGradients"/> can be called; as many numbers more as the trunk has.</param>
    /// <exception cref="EngineException">Out of memory, or an argument outside its range.</exception>
    public void ConfigureGradients(double memoryShare = 0.5, int maxParts = 1, int matrices = 0, bool directions = false)
    {
        mtl_gradient_options native;
        NativeMethods.mtl_gradient_options_init(&native);
        native.memory_share = memoryShare;
        native.max_parts = maxParts;
        native.matrices = matrices;
        native.directions = directions ? 1 : 0;
        using HandleLease network = Lease();
        NativeCore.Check(NativeMethods.mtl_network_configure_gradients((mtl_network*)network.Pointer, &native));
        mtl_network_info info;
        NativeMethods.mtl_network_info_init(&info);
        NativeCore.Check(NativeMethods.mtl_network_describe((mtl_network*)network.Pointer, &info));
        _handle.AddPressure(info.memory_bytes - MemoryBytes);
        MemoryBytes = info.memory_bytes;
        ProjectsGradients = directions;
    }

    /// <summary>Whether <see cref="ProjectGradients"/> can be called. Who configures the gradients anew keeps it so.</summary>
    internal bool ProjectsGradients { get; private set; }

    /// <summary>
    /// The inner products of the tasks' gradients on the current batch: one forward, unless there is one since the last step,
    /// and one backward through the trunk for all tasks at once. Each task's goes from the first row it has a label in to the last:
    /// where rows have few labels each, a batch whose rows are ordered by task costs a small part of one that is not. Leaves the values and the gradients of the heads for
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

    /// <summary>The inner products of the tasks' gradients with directions of independent standard normal numbers. The mean over r of
    /// products[i, r] products[j, r] is an unbiased estimate of g_i . g_j, at the price of one pass like a forward for each
    /// direction, whatever the number of tasks. Forward as in <see cref="TaskGradients"/>.</summary>
    /// <param name="tasks">Distinct task indices, at least one.</param>
    /// <param name="directions">How many, at least 1.</param>
    /// <param name="seed">They are drawn from it.</param>
    /// <param name="products">[tasks, directions] row-major, written; zeros for tasks without a label.</param>
    public void ProjectGradients(ReadOnlySpan<int> tasks, int directions, ulong seed, Span<double> products)
    {
        RequireSome(tasks, nameof(tasks));
        SpanLength.Require(products.Length, (long)tasks.Length * directions, nameof(products), "tasks x directions");
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* values = products)
        {
            NativeCore.Check(NativeMethods.mtl_network_project_gradients(
                (mtl_network*)network.Pointer, first, tasks.Length, directions, seed, values));
        }
    }

    /// <summary>Moves the averages of tasks towards their kept gradients: a_i &lt;- keep_i a_i + take_i g_i. Tasks without a label in the
    /// batch keep theirs.</summary>
    /// <param name="tasks">Distinct task indices, at least one; <see cref="TaskGradients"/> has been called for them on this batch.</param>
    /// <param name="keep">[tasks], finite.</param>
    /// <param name="take">[tasks], finite.</param>
    /// <param name="products">[tasks, tasks] row-major, written: a_i . a_j of those with a label, zeros for the others.</param>
    public void AverageGradients(ReadOnlySpan<int> tasks, ReadOnlySpan<double> keep, ReadOnlySpan<double> take, Span<double> products)
    {
        RequireSome(tasks, nameof(tasks));
        SpanLength.Require(keep.Length, tasks.Length, nameof(keep), "one per task");
        SpanLength.Require(take.Length, tasks.Length, nameof(take), "one per task");
        SpanLength.Require(products.Length, (long)tasks.Length * tasks.Length, nameof(products), "tasks x tasks");
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* old = keep)
        fixed (double* fresh = take)
        fixed (double* values = products)
        {
            NativeCore.Check(NativeMethods.mtl_network_average_gradients(
                (mtl_network*)network.Pointer, first, tasks.Length, old, fresh, values));
        }
    }

    /// <summary>Adds the squares of the kept gradients to sums of squares, s_i += g_i^2, and gives the sums over the elements of
    /// g_i^2 / sqrt(s_i + 1e-7).</summary>
    /// <param name="tasks">As for <see cref="AverageGradients"/>.</param>
    /// <param name="sums">[tasks], written; 0 for tasks without a label.</param>
    public void AccumulateSquares(ReadOnlySpan<int> tasks, Span<double> sums)
    {
        RequireSome(tasks, nameof(tasks));
        SpanLength.Require(sums.Length, tasks.Length, nameof(sums), "one per task");
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* values = sums)
            NativeCore.Check(NativeMethods.mtl_network_accumulate_squares((mtl_network*)network.Pointer, first, tasks.Length, values));
    }

    /// <summary>As <see cref="StepWeighted"/>, but the trunk steps on a combination of the gradients that
    /// <see cref="TaskGradients"/> has kept on this batch.</summary>
    /// <param name="tasks">As for <see cref="AverageGradients"/>.</param>
    /// <param name="weights">[tasks], finite, of gradients or averages.</param>
    /// <param name="headWeights">[tasks] of the gradients of the heads, finite.</param>
    /// <param name="combination">How the gradients become one direction.</param>
    /// <param name="options">Learning rates; the rest is not used.</param>
    public void StepCombined(
        ReadOnlySpan<int> tasks,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> headWeights,
        in GradientCombination combination,
        in UpdateOptions options)
    {
        RequireSome(tasks, nameof(tasks));
        SpanLength.Require(weights.Length, tasks.Length, nameof(weights), "one per task");
        SpanLength.Require(headWeights.Length, tasks.Length, nameof(headWeights), "one per task");
        var native = new mtl_combination
        {
            struct_size = (uint)sizeof(mtl_combination),
            kind = (int)combination.Kind,
            trim = combination.Trim,
            leak = combination.Leak,
            seed = combination.Seed,
            batch = (ulong)combination.Batch,
        };
        mtl_update_options update = ToNative(options);
        using HandleLease network = Lease();
        fixed (int* first = tasks)
        fixed (double* shared = weights)
        fixed (double* heads = headWeights)
        {
            NativeCore.Check(NativeMethods.mtl_network_step_combined(
                (mtl_network*)network.Pointer, first, tasks.Length, shared, heads, &native, &update));
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
