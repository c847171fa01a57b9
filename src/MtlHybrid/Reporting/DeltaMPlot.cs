using MtlHybrid.Evaluation;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>delta-m of every contestant: a mark for the mean, a band for the spread, a dot per seed.</summary>
internal static class DeltaMPlot
{
    public static void Write(HtmlWriter html, PilotResult result)
    {
        double[] values = [0, .. result.Contestants.SelectMany(contestant => contestant.Runs.Select(run => run.DeltaM)
            .Append(contestant.DeltaM.Mean - contestant.DeltaM.StandardDeviation)
            .Append(contestant.DeltaM.Mean + contestant.DeltaM.StandardDeviation))];
        AxisScale scale = AxisScale.Linear(values, ticks: 4);
        html.Open("div", ("class", "plot"), ("role", "img"), ("aria-label", "delta-m per contestant; the numbers are in the table below"));
        PilotContestant[] all = [.. result.Contestants];
        bool many = all.Length > PilotTables.FewContestants;
        foreach (PilotContestant contestant in many ? PilotTables.ByDeltaM(result) : all)
        {
            int index = Array.IndexOf(all, contestant);
            bool reference = contestant.Id == PilotContestant.SingleTask;
            Track.Open(html, contestant.Title, scale);
            if (!reference) Marks(html, contestant, ReportStyle.Colour(index), scale);
            Track.Close(html, reference ? "0 (reference)" : PilotTables.DeltaM(contestant.DeltaM) + " %");
        }

        Track.Axis(html, scale);
        html.Close("div");
    }

    private static void Marks(HtmlWriter html, PilotContestant contestant, string colour, AxisScale scale)
    {
        MeanAndSpread deltaM = contestant.DeltaM;
        if (!double.IsFinite(deltaM.Mean)) return;
        if (double.IsFinite(deltaM.StandardDeviation))
            Track.Band(html, colour, scale.Position(deltaM.Mean - deltaM.StandardDeviation), scale.Position(deltaM.Mean + deltaM.StandardDeviation));
        Track.Mark(html, "mean", colour, scale.Position(deltaM.Mean));
        foreach (PilotRun run in contestant.Runs.Where(run => double.IsFinite(run.DeltaM)))
            Track.Mark(html, "seed", colour, scale.Position(run.DeltaM));
    }
}
