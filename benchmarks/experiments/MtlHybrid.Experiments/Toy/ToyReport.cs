using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MtlHybrid.Experiments.Toy;

/// <summary>What a toy run writes beside its plots.</summary>
internal static class ToyReport
{
    // Of those kept, every so many points go to the file.
    private const int Thinning = 100;

    /// <summary>The trajectories, thinned; losses before scaling.</summary>
    public static string Csv(IEnumerable<(ToySetting Setting, IReadOnlyList<ToyTrajectory> Trajectories)> results)
    {
        var csv = new StringBuilder("setting,method,start,step,x1,x2,loss1,loss2\n");
        var problem = new ToyProblem(1);
        double[] losses = new double[2];
        foreach ((ToySetting setting, IReadOnlyList<ToyTrajectory> trajectories) in results)
        {
            foreach (ToyTrajectory run in trajectories)
            {
                foreach ((int index, (double x1, double x2)) in run.Points.Index())
                {
                    if (index % Thinning != 0 && index + 1 < run.Points.Count) continue;
                    problem.Measure(x1, x2, losses);
                    int step = Math.Min(index * ToySetting.Interval, setting.Steps);
                    csv.Append(
                        CultureInfo.InvariantCulture,
                        $"{setting.Name},{run.Method.Name},{run.Start + 1},{step},{x1:0.####},{x2:0.####},{losses[0]:0.###},{losses[1]:0.###}\n");
                }
            }
        }

        return csv.ToString();
    }

    /// <summary>How it was run, what was left out, and a table per setting.</summary>
    public static string Markdown(
        IReadOnlyList<(ToySetting Setting, IReadOnlyList<ToyTrajectory> Trajectories)> results,
        IEnumerable<string> arguments, string name, double gradientError)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # toy, {DateTime.UtcNow:yyyy-MM-dd}

            - Command: `dotnet run -c Release --project benchmarks/experiments/MtlHybrid.Experiments -- {string.Join(' ', arguments)}`
            - Runtime: {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}
            - Checked at the start: gradients against central differences (largest relative error {gradientError:0.0e0}), the front against a grid
              over the plane

            {results[0].Setting.Steps:N0} steps of Adam (rate 0.001), no noise, in double precision, every strategy at its defaults. The front is a line at
            x2 = -8.36, from x1 = -7 (the second task's best) to 7 (the first's). A run is at the front within a distance of {ToyTrajectory.AtFront}
            in x, which costs a loss 0.0004; it is balanced in the middle half, x1 from -3.5 to 3.5.

            In the tables: "**0.0**, 15,600" is a run that ends at the front, at x1 = 0.0, and is there from step 15,600 on (bold: balanced);
            "above (-5.0, 2.5)" is one that ends elsewhere, above or below x2 = 0. "moved" counts those at the front of
            {ToySetting.Starts.Count * ToySetting.MovedStarts} runs from starts moved by 0.05 to each side. A method with + is written for losses above 0 and sees them raised
            by {-ToyMethod.LowerBound} (times the scale of the loss), as FAMO's authors do; gradients stay the same.

            Left out:


            """);
        foreach ((string method, string reason) in ToyMethod.LeftOut) text.Append(CultureInfo.InvariantCulture, $"- {method}: {reason}.\n");
        text.Append('\n');
        foreach ((ToySetting setting, IReadOnlyList<ToyTrajectory> trajectories) in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {setting.Title}\n\n![trajectories]({name}-{setting.Name}.svg)\n\n");
            text.Append(CultureInfo.InvariantCulture, $"| method | {string.Join(" | ", ToySetting.Starts.Select(start => $"({start.X1}, {start.X2})"))} | at the front | balanced | moved |\n");
            text.Append(CultureInfo.InvariantCulture, $"| --- |{string.Concat(ToySetting.Starts.Select(_ => " ---: |"))} ---: | ---: | ---: |\n");
            foreach (IGrouping<ToyMethod, ToyTrajectory> runs in trajectories.GroupBy(run => run.Method))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {runs.Key.Name}{(runs.Key.Shifted ? " +" : "")} | {string.Join(" | ", runs.Select(Cell))} ");
                text.Append(CultureInfo.InvariantCulture, $"| {runs.Count(run => run.Reaches)} | {runs.Count(run => run.IsBalanced)} ");
                text.Append(CultureInfo.InvariantCulture, $"| {runs.Sum(run => run.Moved)} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Where on the front and since when; or where else.</summary>
    private static string Cell(ToyTrajectory run) => run switch
    {
        { IsBalanced: true } => string.Create(CultureInfo.InvariantCulture, $"**{run.End.X1:+0.0;-0.0;0.0}**, {run.Arrival:N0}"),
        { Reaches: true } => string.Create(CultureInfo.InvariantCulture, $"{run.End.X1:+0.0;-0.0;0.0}, {run.Arrival:N0}"),
        { IsStuckAbove: true } => string.Create(CultureInfo.InvariantCulture, $"above ({run.End.X1:0.0}, {run.End.X2:0.0})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"below ({run.End.X1:0.0}, {run.End.X2:0.0})"),
    };
}
