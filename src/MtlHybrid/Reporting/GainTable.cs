using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>Gain of every task over its single-task network as a table in colours, one row per contestant, the best delta-m first.
/// The colours end where nine of ten gains do, so that one wild task does not take them all.</summary>
internal static class GainTable
{
    public static void Write(HtmlWriter html, PilotResult result)
    {
        PilotContestant[] shown = [.. PilotTables.ByDeltaM(result)
            .Where(contestant => contestant.Id != PilotContestant.SingleTask && contestant.Gains.Any(gain => double.IsFinite(gain.Mean)))];
        double[] sizes = [.. shown.SelectMany(contestant => contestant.Gains).Select(gain => Math.Abs(gain.Mean)).Where(double.IsFinite).Order()];
        double limit = sizes[Math.Min(sizes.Length - 1, sizes.Length * 9 / 10)];
        html.Element("p", "Percent, positive is better; the last column is their mean, delta-m.", ("class", "sub"));
        html.Open("ul", ("class", "legend")).Raw("<li>worse <span class=\"ramp\"></span> better</li>").Close("ul");
        HeatTable.Write(html, "gain in %", result.Tasks.Select(task => task.Name).Append("delta-m"),
            shown.Select(contestant => (contestant.Title, contestant.Gains.Select(gain => gain.Mean).Append(contestant.DeltaM.Mean))), limit,
            ReportNumber.Signed);
    }
}
