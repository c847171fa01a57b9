using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class SimpleGroupingsTests
{
    [Fact]
    public void Together_singletons_and_fixed_do_not_look_at_the_affinity()
    {
        TaskGroups groups = TaskGroups.Parse("0,2;1");
        foreach (Matrix<double> affinity in new[] { Affinity(3), Affinity(3) + 5 })
        {
            Assert.Equal("0,1,2", new AllTogether().Group(affinity, null, 0).Groups.ToString());
            Assert.Equal("0;1;2", new Singletons().Group(affinity, groups, 0).Groups.ToString());
            Assert.Equal(groups, new FixedGroups(groups).Group(affinity, null, 0).Groups);
        }
    }

    [Fact]
    public void Fixed_groups_of_another_number_of_tasks_are_an_error() =>
        Assert.Contains("3 tasks, but there are 4", Assert.Throws<ArgumentException>(
            () => new FixedGroups(TaskGroups.Parse("0,2;1")).Group(Affinity(4), null, 0)).Message);

    [Fact]
    public void Random_groups_are_of_nearly_equal_sizes() => Gen.Select(Gen.Int[1, 15], Gen.Int[1, 6], Gen.ULong).Sample((tasks, count, seed) =>
    {
        TaskGroups groups = new RandomGroups(count).Group(Affinity(tasks), null, seed).Groups;
        return groups.Count == Math.Min(tasks, count) && groups.Max(g => g.Count) - groups.Min(g => g.Count) <= 1;
    });

    [Fact]
    public void Random_groups_have_the_sizes_asked_for()
    {
        TaskGroups groups = new RandomGroups([1, 4, 2]).Group(Affinity(7), null, 3).Groups;
        Assert.Equal([1, 2, 4], groups.Select(g => g.Count).Order());
        Assert.Contains("1+4+2", Assert.Throws<ArgumentException>(() => new RandomGroups([1, 4, 2]).Group(Affinity(6), null, 3)).Message);
    }

    [Fact]
    public void Random_groups_repeat_with_seed_and_draw_and_change_with_either()
    {
        var random = new RandomGroups(4);
        TaskGroups groups = random.Group(Affinity(20), null, 1, 5).Groups;
        Assert.Equal(groups, random.Group(Affinity(20), null, 1, 5).Groups);
        Assert.NotEqual(groups, random.Group(Affinity(20), null, 1, 6).Groups);
        Assert.NotEqual(groups, random.Group(Affinity(20), null, 2, 5).Groups);
    }

    [Fact]
    public void Every_pair_of_tasks_is_drawn_together_equally_often()
    {
        const int draws = 3000, tasks = 6;
        int[,] together = new int[tasks, tasks];
        for (int draw = 0; draw < draws; draw++)
        {
            TaskGroups groups = new RandomGroups(2).Group(Affinity(tasks), null, 42, draw).Groups;
            for (int i = 0; i < tasks; i++)
                for (int j = 0; j < tasks; j++)
                    together[i, j] += groups.GroupsOf(i)[0] == groups.GroupsOf(j)[0] ? 1 : 0;
        }

        // Two of the other five are in a task's group of three: 0.4; five standard deviations are 0.045.
        for (int i = 0; i < tasks; i++)
            for (int j = 0; j < i; j++)
                Assert.InRange(together[i, j] / (double)draws, 0.355, 0.445);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_group_count_or_size_below_one_is_an_error(int count)
    {
        Assert.Throws<InvalidOptionException>(() => new RandomGroups(count));
        Assert.Throws<InvalidOptionException>(() => new RandomGroups([2, count]));
    }

    [Fact]
    public void Every_grouping_in_the_catalog_can_be_made_and_answers_to_its_name()
    {
        Assert.Equal("affinity-propagation", GroupingCatalog.Names[0]);
        foreach (string name in GroupingCatalog.Names)
        {
            IGrouping grouping = GroupingCatalog.Create(new GroupingOptions { Method = name, Fixed = TaskGroups.Together(4) });
            Assert.Equal(name, grouping.Name);
            Assert.Equal(4, grouping.Group(Affinity(4), TaskGroups.Singletons(4), 0).Groups.TaskCount);
            Assert.Throws<ArgumentException>(() => grouping.Group(Affinity(4), TaskGroups.Singletons(3), 0));
            Assert.Throws<ArgumentException>(() => grouping.Group(Matrix<double>.Build.Dense(4, 3), null, 0));
            Assert.NotEmpty(GroupingCatalog.Summary(name));
            Assert.Equal(name is not ("together" or "singletons" or "random" or "fixed"), grouping.NeedsAffinity);
        }
    }

    [Fact]
    public void An_unknown_grouping_is_answered_with_the_list()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => GroupingCatalog.Create(new GroupingOptions { Method = "kmeans" }));
        Assert.Contains($"{string.Join(", ", GroupingCatalog.Names)}; got kmeans", error.Message);
        Assert.Equal("Fixed", Assert.Throws<InvalidOptionException>(
            () => GroupingCatalog.Create(new GroupingOptions { Method = "fixed" })).Option);
    }

    private static Matrix<double> Affinity(int tasks) => Matrix<double>.Build.Dense(tasks, tasks, (i, j) => i == j ? 1 : 0.1 * (i - j));
}
