using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>The order in which a plot lists the tasks: members of a group side by side.</summary>
internal static class TaskOrder
{
    /// <summary>Tasks by the final groups of the contestant's first run that has some, largest group first; a task in several
    /// groups stands in the first of them. Task order without groups.</summary>
    public static int[] ByGroups(PilotContestant contestant, int tasks)
    {
        int[][]? groups = Groups(contestant);
        return groups is null ? [.. Enumerable.Range(0, tasks)] : [.. groups.SelectMany(group => group).Distinct()];
    }

    /// <summary>The groups behind <see cref="ByGroups"/>, in that order.</summary>
    public static int[][]? Groups(PilotContestant contestant)
    {
        int[][]? groups = contestant.Runs.FirstOrDefault(run => run.FinalGroups is not null)?.FinalGroups;
        return groups is null ? null : [.. groups.OrderByDescending(group => group.Length).ThenBy(group => group.Min())];
    }
}
