using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class SpectralClusteringTests
{
    private static readonly SpectralClusteringOptions Raw = new() { Normalization = AffinityNormalization.None };

    [Fact]
    public void Planted_groups_are_found_without_being_told_their_number() => AffinitySamples.Planted(6, 20, 4)
        .Where(sample => sample.Groups.All(group => group.Count >= 3))
        .Sample(sample => new SpectralClustering(Raw).Group(sample.Affinity, null, 0).Groups == sample.Groups);

    // Not single tasks: one that is weakly connected to others belongs to them, since its weights are divided by their sum.
    [Fact]
    public void Planted_pairs_are_found_when_the_number_of_groups_is_given() => AffinitySamples.Planted(4, 20, 4)
        .Where(sample => sample.Groups.All(group => group.Count >= 2))
        .Sample(sample => new SpectralClustering(Raw with { Groups = sample.Groups.Count }).Group(sample.Affinity, null, 0).Groups == sample.Groups);

    [Fact]
    public void The_order_of_the_tasks_does_not_matter() => Gen.Select(AffinitySamples.Planted(6, 16, 3), Gen.Int[0, 1000])
        .Where(sample => sample.Item1.Groups.All(group => group.Count >= 3)).Sample((sample, seed) =>
        {
            int[] order = AffinitySamples.Order(sample.Affinity.RowCount, seed);
            TaskGroups reordered = new SpectralClustering().Group(AffinitySamples.Reordered(sample.Affinity, order), null, 0).Groups;
            return AffinitySamples.Original(reordered, order) == new SpectralClustering().Group(sample.Affinity, null, 0).Groups;
        });

    [Fact]
    public void The_number_of_groups_keeps_its_bounds() => Gen.Select(AffinitySamples.Random(1, 14), Gen.Int[1, 6], Gen.ULong).Sample((affinity, number, seed) =>
        new SpectralClustering(Raw with { MaxGroups = number }).Group(affinity, null, seed).Groups.Count <= number
        && new SpectralClustering(Raw with { Groups = number }).Group(affinity, null, seed).Groups.Count <= Math.Min(number, affinity.RowCount));

    [Fact]
    public void The_same_seed_gives_the_same_groups() => Gen.Select(AffinitySamples.Random(2, 14), Gen.ULong).Sample((affinity, seed) =>
        new SpectralClustering(Raw).Group(affinity, null, seed).Groups == new SpectralClustering(Raw).Group(affinity, null, seed).Groups);

    [Fact]
    public void Tasks_without_a_connection_stay_alone_and_equal_ones_are_together()
    {
        Assert.Equal(TaskGroups.Singletons(5), new SpectralClustering().Group(Matrix<double>.Build.Dense(5, 5), null, 0).Groups);
        Assert.Equal(TaskGroups.Singletons(5), new SpectralClustering().Group(
            Matrix<double>.Build.Dense(5, 5, (i, j) => i == j ? 1 : -0.5), null, 0).Groups);
        Assert.Equal(TaskGroups.Together(5), new SpectralClustering().Group(
            Matrix<double>.Build.Dense(5, 5, (i, j) => i == j ? 1 : 1e-3), null, 0).Groups);
        Matrix<double> lonely = Matrix<double>.Build.Dense(5, 5, (i, j) => i == 4 || j == 4 ? -1 : 0.3);
        Assert.Equal("0,1,2,3;4", new SpectralClustering(Raw).Group(lonely, null, 0).Groups.ToString());
        Assert.Equal(TaskGroups.Singletons(1), new SpectralClustering().Group(Matrix<double>.Build.Dense(1, 1, 1), null, 0).Groups);
    }

    // Two blocks whose members help each other 0.5, and 0.05 across: eigenvalues 0, 0.2 (about), then all above 1.
    [Fact]
    public void The_gap_between_eigenvalues_decides()
    {
        Matrix<double> blocks = Matrix<double>.Build.Dense(8, 8, (i, j) => i / 4 == j / 4 ? 0.5 : 0.05);
        Assert.Equal("0,1,2,3;4,5,6,7", new SpectralClustering(Raw).Group(blocks, null, 0).Groups.ToString());
        Assert.Equal(TaskGroups.Together(8), new SpectralClustering(Raw with { MaxGroups = 1 }).Group(blocks, null, 0).Groups);
        Assert.Equal(3, new SpectralClustering(Raw with { Groups = 3 }).Group(blocks + Noise(8), null, 0).Groups.Count);
    }

    [Fact]
    public void A_hundred_and_thirty_nine_tasks_are_grouped()
    {
        Matrix<double> affinity = Matrix<double>.Build.Dense(139, 139, (i, j) => i % 9 == j % 9 ? 0.5 : -0.1) + 0.1 * Noise(139);
        TaskGroups groups = new SpectralClustering(Raw).Group(affinity, null, 3).Groups;
        Assert.Equal(9, groups.Count);
        Assert.All(groups, group => Assert.Single(group.Select(task => task % 9).Distinct()));
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<InvalidOptionException>(() => new SpectralClustering(Raw with { Groups = 0 }));
        Assert.Throws<InvalidOptionException>(() => new SpectralClustering(Raw with { MaxGroups = 0 }));
    }

    private static Matrix<double> Noise(int tasks)
    {
        var random = new Random(5);
        return Matrix<double>.Build.Dense(tasks, tasks, (_, _) => 0.1 * random.NextDouble());
    }
}
