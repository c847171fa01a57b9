using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class ConflictColouringTests
{
    private static readonly ConflictColouringOptions Raw = new() { Normalization = AffinityNormalization.None };

    private static Gen<(Matrix<double> Affinity, double Threshold)> Cases =>
        Gen.Select(AffinitySamples.Random(1, 14), Gen.Double[-1, 1], (affinity, threshold) => (affinity, threshold));

    [Fact]
    public void Tasks_in_conflict_never_share_a_group() => Cases.Sample((affinity, threshold) =>
        new ConflictColouring(Raw with { Threshold = threshold }).Group(affinity, null, 0).Groups
            .All(group => group.All(i => group.All(j => i == j || affinity[i, j] >= threshold))));

    [Fact]
    public void There_is_at_most_one_group_more_than_conflicts_of_a_task() => Cases.Sample((affinity, threshold) =>
    {
        int[] tasks = [.. Enumerable.Range(0, affinity.RowCount)];
        int most = tasks.Max(i => tasks.Count(j => i != j && Math.Min(affinity[i, j], affinity[j, i]) < threshold));
        return new ConflictColouring(Raw with { Threshold = threshold }).Group(affinity, null, 0).Groups.Count <= most + 1;
    });

    [Fact]
    public void Two_camps_that_conflict_with_each_other_are_found_and_so_are_more() => AffinitySamples.Planted(2, 16, 3).Sample((groups, _) =>
    {
        int tasks = groups.TaskCount;
        int[] camp = new int[tasks];
        for (int g = 0; g < groups.Count; g++) foreach (int task in groups[g]) camp[task] = g;
        Matrix<double> cosines = Matrix<double>.Build.Dense(tasks, tasks, (i, j) => camp[i] == camp[j] ? 0.2 : -0.2);
        return new ConflictColouring().Group(cosines, null, 0).Groups == groups;
    });

    // A wheel of five: the hub conflicts with all, and an odd ring needs three groups.
    [Fact]
    public void The_task_with_most_conflicts_chooses_first()
    {
        Matrix<double> cosines = Matrix<double>.Build.Dense(6, 6, (i, j) =>
            i == j || (i != 5 && j != 5 && Math.Abs(i - j) is not (1 or 4)) ? 1 : -1);
        Assert.Equal("0,2;1,3;4;5", new ConflictColouring(Raw).Group(cosines, null, 0).Groups.ToString());
    }

    [Fact]
    public void One_direction_below_the_threshold_is_a_conflict()
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 1, 0.9 }, { -0.1, 1 } });
        Assert.Equal("0;1", new ConflictColouring(Raw).Group(affinity, null, 0).Groups.ToString());
        Assert.Equal("0,1", new ConflictColouring(Raw with { Threshold = -0.1 }).Group(affinity, null, 0).Groups.ToString());
    }

    [Fact]
    public void Options_are_checked() =>
        Assert.Throws<InvalidOptionException>(() => new ConflictColouring(Raw with { Threshold = double.NegativeInfinity }));
}
