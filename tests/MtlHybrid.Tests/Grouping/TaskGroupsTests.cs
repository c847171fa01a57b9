using CsCheck;
using MtlHybrid.Grouping;
using Xunit;

namespace MtlHybrid.Tests.Grouping;

public sealed class TaskGroupsTests
{
    private static readonly string[] Names = ["moisture", "fat", "protein"];

    private static readonly Gen<int[]> Labels = Gen.Int[0, 5].Array[1, 12];

    [Fact]
    public void Order_of_groups_and_members_does_not_matter()
    {
        TaskGroups groups = TaskGroups.Of([[3, 1], [4], [2, 0]]);
        Assert.Equal("0,2;1,3;4", groups.ToString());
        Assert.Equal(TaskGroups.Of([[4], [0, 2], [1, 3]]), groups);
        Assert.Equal([1, 3], groups[1]);
        Assert.Equal([1, 3], groups.Members(1).ToArray());
        Assert.Equal([2], groups.GroupsOf(4));
        Assert.Equal((3, 5), (groups.Count, groups.TaskCount));
    }

    [Fact]
    public void Text_reads_back_as_the_same_groups() => Labels.Sample(labels =>
    {
        TaskGroups groups = TaskGroups.FromLabels(labels);
        return TaskGroups.Parse(groups.ToString()) == groups && TaskGroups.Of(groups.ToArrays()) == groups
            && groups.GetHashCode() == TaskGroups.Parse(groups.ToString()).GetHashCode();
    });

    [Fact]
    public void Equal_labels_mean_one_group() => Labels.Sample(labels =>
    {
        TaskGroups groups = TaskGroups.FromLabels(labels);
        for (int i = 0; i < labels.Length; i++)
            for (int j = 0; j < labels.Length; j++)
                if (labels[i] == labels[j] != (groups.GroupsOf(i)[0] == groups.GroupsOf(j)[0]))
                    return false;
        return groups.Sum(group => group.Count) == labels.Length;
    });

    [Fact]
    public void Together_and_singletons_are_the_extremes()
    {
        Assert.Equal("0,1,2", TaskGroups.Together(3).ToString());
        Assert.Equal("0;1;2", TaskGroups.Singletons(3).ToString());
        Assert.Equal(TaskGroups.Together(1), TaskGroups.Singletons(1));
        Assert.True(TaskGroups.Together(3) != TaskGroups.Singletons(3));
        Assert.True(TaskGroups.Together(3) != null);
        Assert.Throws<ArgumentOutOfRangeException>(() => TaskGroups.Together(0));
    }

    [Theory]
    [InlineData("fat, moisture; protein", "0,1;2")]
    [InlineData("1,0;2", "0,1;2")]
    [InlineData("protein,0;1", "0,2;1")]
    public void Members_may_be_names_or_indices(string text, string expected) =>
        Assert.Equal(expected, TaskGroups.Parse(text, Names).ToString());

    [Fact]
    public void A_name_that_looks_like_an_index_is_a_name() =>
        Assert.Equal("0;1,2", TaskGroups.Parse("2;1,0", ["2", "0", "1"]).ToString());

    [Theory]
    [InlineData("", "member is missing")]
    [InlineData("0,1;", "member is missing")]
    [InlineData("0,,1", "member is missing")]
    [InlineData("0,x", "'x' is neither")]
    [InlineData("0,-1", "'-1' is neither")]
    [InlineData("0,0", "task 0 is in the groups twice")]
    [InlineData("0;2", "task 2 is outside 0 ... 1")]
    [InlineData("0;99999999999", "'99999999999' is neither")]
    public void Text_that_is_no_partition_is_explained(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => TaskGroups.Parse(text)).Message);

    [Fact]
    public void Groups_that_forget_a_task_are_an_error()
    {
        FormatException error = Assert.Throws<FormatException>(() => TaskGroups.Parse("moisture;fat", Names));
        Assert.Contains("2 tasks are in the groups, but there are 3", error.Message);
    }

    [Fact]
    public void Overlapping_groups_are_accepted_where_they_are_allowed()
    {
        TaskGroups groups = TaskGroups.Of([[2, 1], [1, 0], [2]], allowOverlap: true);
        Assert.Equal("0,1;1,2;2", groups.ToString());
        Assert.Equal((3, 3), (groups.Count, groups.TaskCount));
        Assert.Equal([0, 1], groups.GroupsOf(1));
        Assert.False(groups.IsPartition);
        Assert.Equal(groups, TaskGroups.Parse(groups.ToString(), allowOverlap: true));
        Assert.NotEqual(groups, TaskGroups.Parse("0,1;1,2", allowOverlap: true));
        Assert.True(TaskGroups.Of([[1], [0]], allowOverlap: true).IsPartition);
        Assert.Equal(TaskGroups.Singletons(2), TaskGroups.Of([[1], [0]], allowOverlap: true));
        Assert.Throws<ArgumentException>(() => TaskGroups.Of([[0, 1], [1, 2]]));
    }

    [Theory]
    [InlineData("0,0;1", "task 0 is in a group twice")]
    [InlineData("0;2", "task 1 is in no group, but task 2 is")]
    [InlineData("0,1;1,0", "the group 0,1 is there twice")]
    [InlineData("0;2147483647", "task 1 is in no group")]
    public void Overlapping_groups_still_have_to_make_sense(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => TaskGroups.Parse(text, allowOverlap: true)).Message);

    [Fact]
    public void Covers_read_back_whatever_their_order() => Gen.Int[1, 63].Array[1, 6].Sample(masks =>
    {
        int[][] groups = [.. masks.Append(63).Distinct().Select(mask => Enumerable.Range(0, 6).Where(task => (mask >> task & 1) != 0).ToArray())];
        TaskGroups cover = TaskGroups.Of(groups, allowOverlap: true);
        TaskGroups again = TaskGroups.Of(groups.Reverse(), allowOverlap: true);
        return cover == again && cover.GetHashCode() == again.GetHashCode() && TaskGroups.Parse(cover.ToString(), allowOverlap: true) == cover
            && Enumerable.Range(0, 6).All(task => cover.GroupsOf(task).All(group => cover[group].Contains(task))
                && cover.GroupsOf(task).Count == groups.Count(group => group.Contains(task)));
    });

    [Fact]
    public void An_empty_group_is_an_error()
    {
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => TaskGroups.Of([[0], []])).Message);
        Assert.Throws<ArgumentException>(() => TaskGroups.Of([]));
        Assert.Throws<ArgumentException>(() => TaskGroups.FromLabels([]));
    }

    [Fact]
    public void Arrays_handed_in_or_out_do_not_change_the_groups()
    {
        int[][] mine = [[1], [0, 2]];
        TaskGroups groups = TaskGroups.Of(mine);
        mine[0][0] = 9;
        groups.ToArrays()[0][0] = 9;
        Assert.Equal("0,2;1", groups.ToString());
        Assert.False(groups[0] is int[], "a caller could write through the view");
    }

    [Fact]
    public void People_see_names() => Assert.Equal("{moisture, protein} {fat}", TaskGroups.Of([[0, 2], [1]]).ToString(Names));
}
