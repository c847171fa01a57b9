using MtlHybrid.Pilot;
using MtlHybrid.Strategies.Diagnostics;

namespace MtlHybrid.Reporting;

/// <summary>How the gradients of the tasks lay to each other while contestants trained: a table, and the cosines between tasks in
/// colours.</summary>
internal static class GradientSection
{
    public static void Write(HtmlWriter html, PilotResult result)
    {
        if (PilotTables.Gradients(result) is not { } table) return;
        html.Open("section").Element("h2", "Task gradients: do the tasks pull together?");
        html.Element("p", "Means over the measured batches and the seeds, at the point where each contestant was. Conflicts: share of pairs of tasks whose gradients "
            + "point apart. Magnitudes: 1 where gradients are of one length. Stationarity: the shortest combination of the gradients by their size; 0 where "
            + "no step lowers all losses.", ("class", "sub"));
        HtmlTable.Write(html, table);
        PilotContestant shown = result.Find(PilotContestant.Joint) is { Gradients: not null } joint
            ? joint
            : result.Contestants.First(contestant => contestant.Gradients is not null);
        if (shown.Gradients!.Cosines.Length > 0 && result.Tasks.Count <= PilotTables.MaximumAffinityTasks) WriteCosines(html, result, shown, shown.Gradients);
        html.Close("section");
    }

    private static void WriteCosines(HtmlWriter html, PilotResult result, PilotContestant contestant, GradientReport report)
    {
        html.Element("h3", $"Mean cosines between task gradients, {PilotTitle.InSentence(contestant.Title)}");
        html.Open("ul", ("class", "legend")).Raw("<li>apart <span class=\"ramp\"></span> together</li>").Close("ul");
        HeatTable.Write(html, "cosine", result.Tasks.Select(task => task.Name),
            result.Tasks.Select((task, row) => (task.Name, report.Cosines[row].AsEnumerable())), largest: 1, ReportNumber.Signed);
    }
}
