using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Grouping;

/// <summary>
/// Agglomerative clustering with average linkage (R. R. Sokal, C. D. Michener, "A statistical method for evaluating systematic
/// relationships", 1958): starts with every task alone and joins, again and again, the two groups with the largest mean similarity
/// between their members, as long as that is above a threshold.
/// </summary>
/// <remarks>
/// The threshold is absolute, so that the answer may be "all apart" (nobody helps anybody) as well as "all together". A task that
/// hurts one member of a group but helps the others may still join it: the mean decides. Of equal pairs the one whose
/// first members come first is joined. A matrix that is not symmetric counts as the mean of both directions. Takes K^3 / 6 steps.
/// </remarks>
public sealed class HierarchicalClustering : IGrouping
{
    private readonly HierarchicalClusteringOptions _options;

    /// <summary>A clustering with the given settings.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public HierarchicalClustering(HierarchicalClusteringOptions? options = null)
    {
        _options = options ?? new HierarchicalClusteringOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "hierarchical";

    /// <inheritdoc/>
    public bool NeedsAffinity => true;

    /// <inheritdoc/>
    public GroupingResult Group(Matrix<double> affinity, TaskGroups? previous, ulong seed, long draw = 0)
    {
        // linkage[i, j]: mean similarity between the groups whose first members are i and j.
        double[,] linkage = AffinityNormalizer.Symmetric(affinity, _options.Normalization, previous).ToArray();
        int tasks = affinity.RowCount;
        int[] labels = [.. Enumerable.Range(0, tasks)];
        int[] sizes = [.. Enumerable.Repeat(1, tasks)];
        List<int> groups = [.. labels];
        while (MostAlike(linkage, groups) is var (first, second))
        {
            foreach (int other in groups)
            {
                linkage[first, other] = linkage[other, first] =
                    (sizes[first] * linkage[first, other] + sizes[second] * linkage[second, other]) / (sizes[first] + sizes[second]);
            }

            sizes[first] += sizes[second];
            groups.Remove(second);
            for (int task = 0; task < tasks; task++)
                if (labels[task] == second)
                    labels[task] = first;
        }

        return new GroupingResult(TaskGroups.FromLabels(labels));
    }

    /// <summary>The pair above the threshold to join next; null when there is none.</summary>
    private (int First, int Second)? MostAlike(double[,] linkage, List<int> groups)
    {
        (int First, int Second)? best = null;
        double most = _options.Threshold;
        for (int i = 0; i < groups.Count; i++)
        {
            for (int j = i + 1; j < groups.Count; j++)
            {
                if (!(linkage[groups[i], groups[j]] > most)) continue;
                most = linkage[groups[i], groups[j]];
                best = (groups[i], groups[j]);
            }
        }

        return best;
    }
}
