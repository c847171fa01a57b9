using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;

namespace MtlHybrid.Tests.Grouping;

/// <summary>Affinity matrices for tests of groupings.</summary>
internal static class AffinitySamples
{
    /// <summary>A matrix without structure, entries in (-1, 1), diagonal 1. Uniform: CsCheck's own numbers are often equal, and
    /// between equals the order of the tasks decides.</summary>
    public static Gen<Matrix<double>> Random(int fewest, int most) => Gen.Select(Gen.Int[fewest, most], Gen.Int[0, int.MaxValue]).Select((tasks, seed) =>
    {
        var random = new Random(seed);
        return Matrix<double>.Build.Dense(tasks, tasks, (i, j) => i == j ? 1 : 2 * random.NextDouble() - 1);
    });

    /// <summary>Groups, and a matrix in which members help each other (0.6 to 0.9) and nobody else (-0.3 to 0.1).</summary>
    public static Gen<(TaskGroups Groups, Matrix<double> Affinity)> Planted(int fewest, int most, int groups) =>
        Gen.Select(Gen.Int[0, groups - 1].Array[fewest, most], Gen.Int[0, int.MaxValue]).Select((labels, seed) =>
        {
            var random = new Random(seed);
            return (TaskGroups.FromLabels(labels), Matrix<double>.Build.Dense(labels.Length, labels.Length, (i, j) =>
                i == j ? 1 : labels[i] == labels[j] ? 0.6 + 0.3 * random.NextDouble() : -0.3 + 0.4 * random.NextDouble()));
        });

    /// <summary>The matrix with task order[i] at place i.</summary>
    public static Matrix<double> Reordered(Matrix<double> affinity, int[] order) =>
        Matrix<double>.Build.Dense(order.Length, order.Length, (i, j) => affinity[order[i], order[j]]);

    /// <summary>A random order of the tasks.</summary>
    public static int[] Order(int tasks, int seed)
    {
        int[] order = [.. Enumerable.Range(0, tasks)];
        new Random(seed).Shuffle(order);
        return order;
    }

    /// <summary>The groups of a reordered matrix in the original task indices.</summary>
    public static TaskGroups Original(TaskGroups groups, int[] order) =>
        TaskGroups.Of(groups.Select(group => group.Select(task => order[task])));
}
