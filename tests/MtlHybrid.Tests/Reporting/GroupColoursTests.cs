using MtlHybrid.Reporting;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class GroupColoursTests
{
    [Fact]
    public void A_group_keeps_its_colour_when_a_member_moves()
    {
        int[][] colours = GroupColours.OverTime([[[0, 1, 2], [3, 4]], [[0, 1], [2, 3, 4]], [[3, 4], [0, 1, 2]]], 5);

        Assert.All(colours, now => Assert.Equal(colours[0][0], now[0]));
        Assert.All(colours, now => Assert.Equal(colours[0][3], now[3]));
        Assert.NotEqual(colours[0][0], colours[0][3]);
        Assert.Equal(colours[1][3], colours[1][2]);
    }

    [Fact]
    public void Tasks_alone_have_no_colour()
    {
        int[][] colours = GroupColours.OverTime([[[0], [1], [2]], [[0, 2], [1]]], 3);

        Assert.All(colours[0], colour => Assert.Equal(GroupColours.Alone, colour));
        Assert.Equal(GroupColours.Alone, colours[1][1]);
        Assert.NotEqual(GroupColours.Alone, colours[1][0]);
    }

    [Fact]
    public void Groups_of_one_moment_never_share_a_colour()
    {
        int[][] halves = [[0, 1, 2, 3], [4, 5, 6, 7]];
        int[][] quarters = [[0, 1], [2, 3], [4, 5], [6, 7]];

        int[] colours = GroupColours.OverTime([halves, quarters], 8)[1];

        Assert.Equal(4, quarters.Select(group => colours[group[0]]).Distinct().Count());
    }

    [Fact]
    public void A_task_in_several_groups_shows_the_smallest()
    {
        int[][] colours = GroupColours.OverTime([[[0, 1, 2], [2, 3], [4]]], 5);

        Assert.Equal(colours[0][3], colours[0][2]);
        Assert.NotEqual(colours[0][0], colours[0][2]);
        Assert.Equal(GroupColours.Alone, colours[0][4]);
    }
}
