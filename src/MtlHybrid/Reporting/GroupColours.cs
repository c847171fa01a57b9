namespace MtlHybrid.Reporting;

/// <summary>Gives groups colours that stay with them while their members change.</summary>
internal static class GroupColours
{
    /// <summary>The colour of a task that is alone in its group.</summary>
    public const int Alone = -1;

    /// <summary>A colour index per task at every point in time, [time][task].</summary>
    /// <param name="groups">Groups at every point in time, [time][group][member].</param>
    /// <param name="tasks">Number of tasks.</param>
    public static int[][] OverTime(int[][][] groups, int tasks)
    {
        var colours = new int[groups.Length][];
        int[] previous = [.. Enumerable.Repeat(Alone, tasks)];
        for (int time = 0; time < groups.Length; time++)
        {
            // Between two regroupings nothing changes.
            colours[time] = time > 0 && ReferenceEquals(groups[time], groups[time - 1]) ? previous : Next(previous, groups[time], tasks);
            previous = colours[time];
        }

        return colours;
    }

    /// <summary>Large groups choose first; each takes the colour most of its members had, if still free. A task in several groups
    /// shows the smallest.</summary>
    private static int[] Next(int[] previous, int[][] groups, int tasks)
    {
        int[] colours = [.. Enumerable.Repeat(Alone, tasks)];
        var taken = new HashSet<int>();
        foreach (int[] group in groups.Where(group => group.Length > 1).OrderByDescending(group => group.Length))
        {
            int colour = group.Select(task => previous[task])
                .Where(candidate => candidate != Alone && !taken.Contains(candidate))
                .GroupBy(candidate => candidate)
                .OrderByDescending(candidates => candidates.Count()).ThenBy(candidates => candidates.Key)
                .Select(candidates => candidates.Key)
                .FirstOrDefault(Alone);
            if (colour == Alone)
            {
                colour = 0;
                while (taken.Contains(colour) || previous.Contains(colour) && colour < ReportStyle.Colours - 2)
                    colour++;
            }

            taken.Add(colour);
            foreach (int task in group)
                colours[task] = colour;
        }

        return colours;
    }
}
