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
        html.Open("div", ("class", "scroll")).Open("table", ("class", "heat")).Open("thead").Open("tr").Element("th", "cosine");
        foreach (PilotTask task in result.Tasks) html.Element("th", task.Name, ("scope", "col"), ("title", task.Name));
        html.Close("tr").Close("thead").Open("tbody");
        for (int row = 0; row < result.Tasks.Count; row++)
        {
            html.Open("tr").Element("th", result.Tasks[row].Name, ("scope", "row"), ("title", result.Tasks[row].Name));
            foreach (double cosine in report.Cosines[row]) html.Element("td", ReportNumber.Signed(cosine), ("class", "plain"), ("style", HeatColour.Of(cosine, 1)));
            html.Close("tr");
        }

        html.Close("tbody").Close("table").Close("div");
    }
}
