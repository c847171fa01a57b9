using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace MtlHybrid.Grouping;

/// <summary>
/// Clusters tasks by affinity propagation (B. J. Frey, D. Dueck, "Clustering by Passing Messages Between Data Points",
/// Science 315, 2007): finds the number of groups by itself. Gives what scikit-learn's <c>AffinityPropagation</c> gives, with
/// the seed as its <c>random_state</c>.
/// </summary>
/// <remarks>
/// With the median as preference the answer is relative to the matrix: with four tasks or more it never is "all apart", even
/// where every task hurts every other; two tasks are joined only if their similarity is above 1.
/// </remarks>
public sealed class AffinityPropagation : IGrouping
{
    private readonly AffinityPropagationOptions _options;
    private MessagePassing? _spare;

    /// <summary>A clustering with the given settings.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public AffinityPropagation(AffinityPropagationOptions? options = null)
    {
        _options = options ?? new AffinityPropagationOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "affinity-propagation";

    /// <inheritdoc/>
    public bool NeedsAffinity => true;

    /// <summary>
    /// Groups the tasks by their normalised affinity. Where the clustering does not converge the previous groups stay, and
    /// every task is alone where there are none; the remark says so.
    /// </summary>
    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        int tasks = AffinityNormalizer.RequireSquare(affinity, previous);
        Matrix<double> similarities = AffinityNormalizer.Normalize(affinity, _options.Normalization);
        // Trying again with more rounds repeats the same rounds first: going on is the same, and cheaper.
        int rounds = Math.Max(_options.MaxIterations, _options.RetryIterations);
        AffinityPropagationResult result = Cluster(similarities, seed, rounds);
        if (result.Converged) return new GroupingResult(result.Groups!);
        return new GroupingResult(previous ?? TaskGroups.Singletons(tasks),
            $"affinity propagation did not converge in {rounds} rounds: "
            + (previous is null ? "every task stays alone" : "the previous groups stay"));
    }

    /// <summary>Clusters raw similarities, within <see cref="AffinityPropagationOptions.MaxIterations"/> rounds and without any
    /// normalisation.</summary>
    /// <param name="similarities">[K, K], finite; entry (i, k): how well k serves as exemplar for i. The diagonal counts in the
    /// median only.</param>
    /// <param name="seed">Seed of the noise, of relative size 2e-16, that breaks ties; below 2^32 it is scikit-learn's
    /// <c>random_state</c>.</param>
    /// <exception cref="ArgumentException">Not square, or an entry is not finite.</exception>
    public AffinityPropagationResult Cluster(Matrix<double> similarities, ulong seed) =>
        Cluster(similarities, seed, _options.MaxIterations);

    private AffinityPropagationResult Cluster(Matrix<double> similarities, ulong seed, int maxIterations)
    {
        int tasks = AffinityNormalizer.RequireSquare(similarities, null);
        double[] values = AffinityNormalizer.RequireFinite(similarities).ToRowMajorArray();

        double preference = _options.Preference ?? ArrayStatistics.MedianInplace((double[])values.Clone());
        if (tasks == 1 || OffDiagonalIsConstant(values, tasks))
        {
            // Nothing distinguishes the tasks; only the preference speaks.
            bool apart = preference >= values[tasks - 1];
            return new AffinityPropagationResult(apart ? TaskGroups.Singletons(tasks) : TaskGroups.Together(tasks), true, 0);
        }

        MessagePassing messages = Interlocked.Exchange(ref _spare, null) is { } spare && spare.Tasks == tasks
            ? spare
            : new MessagePassing(tasks);
        messages.Start(values, preference, new ScikitLearnNoise(seed));
        bool converged = messages.Run(_options.Damping, maxIterations, _options.ConvergenceIterations, out int iterations);
        int[]? labels = messages.Assign();
        _spare = messages;
        Debug.Assert(!converged || labels is not null, "converged without an exemplar");
        return new AffinityPropagationResult(labels is null ? null : TaskGroups.FromLabels(labels), converged, iterations);
    }

    private static bool OffDiagonalIsConstant(double[] values, int tasks)
    {
        // Position 1 is off the diagonal; the diagonal is every (tasks + 1)-th entry.
        for (int i = 1; i < values.Length; i++)
            if (i % (tasks + 1) != 0 && values[i] != values[1])
                return false;
        return true;
    }
}
