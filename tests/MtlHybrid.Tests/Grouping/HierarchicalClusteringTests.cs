using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class HierarchicalClusteringTests
{
    private static readonly HierarchicalClusteringOptions Raw = new() { Normalization = AffinityNormalization.None };

    [Fact]
    public void Planted_groups_are_found() => AffinitySamples.Planted(2, 20, 4).Sample((groups, affinity) =>
        new HierarchicalClustering(Raw with { Threshold = 0.3 }).Group(affinity, null, 0).Groups == groups);

    [Fact]
    public void The_order_of_the_tasks_does_not_matter() => Gen.Select(AffinitySamples.Random(2, 12), Gen.Int[0, 1000]).Sample((affinity, seed) =>
    {
        int[] order = AffinitySamples.Order(affinity.RowCount, seed);
        var clustering = new HierarchicalClustering();
        TaskGroups reordered = clustering.Group(AffinitySamples.Reordered(affinity, order), null, 0).Groups;
        return AffinitySamples.Original(reordered, order) == clustering.Group(affinity, null, 0).Groups;
    });

    [Fact]
    public void Groups_at_a_higher_threshold_are_parts_of_those_at_a_lower_one() => AffinitySamples.Random(2, 12).Sample(affinity =>
    {
        TaskGroups coarse = new HierarchicalClustering(Raw with { Threshold = -0.2 }).Group(affinity, null, 0).Groups;
        TaskGroups fine = new HierarchicalClustering(Raw with { Threshold = 0.2 }).Group(affinity, null, 0).Groups;
        return fine.All(part => coarse.Count(whole => part.All(whole.Contains)) == 1);
    });

    // Average linkage is monotone, so that in the end no mean between two groups is above the threshold.
    [Fact]
    public void No_two_groups_are_more_alike_than_the_threshold() => AffinitySamples.Random(2, 12).Sample(affinity =>
    {
        TaskGroups groups = new HierarchicalClustering(Raw with { Threshold = 0.1 }).Group(affinity, null, 0).Groups;
        return groups.All(a => groups.Where(b => b != a).All(b =>
            a.SelectMany(i => b.Select(j => (affinity[i, j] + affinity[j, i]) / 2)).Average() <= 0.1 + 1e-12));
    });

    [Fact]
    public void Tasks_that_all_hurt_each_other_stay_apart_and_those_that_all_help_are_together()
    {
        Matrix<double> hurts = Matrix<double>.Build.Dense(5, 5, (i, j) => i == j ? 1 : -0.1);
        Matrix<double> helps = Matrix<double>.Build.Dense(5, 5, (i, j) => i == j ? 1 : 0.1);
        Assert.Equal(TaskGroups.Singletons(5), new HierarchicalClustering().Group(hurts, null, 0).Groups);
        Assert.Equal(TaskGroups.Together(5), new HierarchicalClustering().Group(helps, null, 0).Groups);
        Assert.Equal(TaskGroups.Singletons(5), new HierarchicalClustering().Group(Matrix<double>.Build.Dense(5, 5), null, 0).Groups);
        Assert.Equal(TaskGroups.Singletons(1), new HierarchicalClustering().Group(helps.SubMatrix(0, 1, 0, 1), null, 0).Groups);
    }

    // 0 and 1 are joined at 0.8; task 2 then is at (0.9 - 0.6) / 2 = 0.15, although it is close to 0.
    [Theory]
    [InlineData(0.14, "0,1,2")]
    [InlineData(0.16, "0,1;2")]
    [InlineData(0.91, "0;1;2")]
    public void The_mean_between_groups_decides(double threshold, string expected)
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 1, 0.91, 0.9 }, { 0.91, 1, -0.6 }, { 0.9, -0.6, 1 } });
        Assert.Equal(expected, new HierarchicalClustering(Raw with { Threshold = threshold }).Group(affinity, null, 0).Groups.ToString());
    }

    [Fact]
    public void By_default_columns_are_measured_in_what_their_task_gains_from_itself()
    {
        // In units of its own gain task 0 loses twice as much from task 1 as task 1 gains from task 0.
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 1e-6, 0.5 }, { -1e-6, 1 } });
        Assert.Equal("0;1", new HierarchicalClustering().Group(affinity, null, 0).Groups.ToString());
        Assert.Equal("0,1", new HierarchicalClustering(Raw).Group(affinity, null, 0).Groups.ToString());
    }

    [Fact]
    public void Entries_that_are_not_finite_are_refused_where_they_are_not_normalised_away()
    {
        Matrix<double> affinity = Matrix<double>.Build.DenseOfArray(new[,] { { 1, double.NaN }, { 0.5, 1 } });
        Assert.Contains("(0, 1)", Assert.Throws<ArgumentException>(() => new HierarchicalClustering(Raw).Group(affinity, null, 0)).Message);
        Assert.Equal("0,1", new HierarchicalClustering().Group(affinity, null, 0).Groups.ToString());
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<InvalidOptionException>(() => new HierarchicalClustering(Raw with { Threshold = double.NaN }));
        Assert.Throws<InvalidOptionException>(() => new HierarchicalClustering(Raw with { Normalization = (AffinityNormalization)9 }));
    }
}
