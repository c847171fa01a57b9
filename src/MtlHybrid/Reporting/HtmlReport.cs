using System.Globalization;
using System.Text.Json;
using MtlHybrid.Pilot;

namespace MtlHybrid.Reporting;

/// <summary>
/// The report of a pilot: one HTML file that holds everything it shows, runs no script and asks for nothing from
/// elsewhere, so it opens offline, on a phone and on paper.
/// </summary>
public static class HtmlReport
{
    /// <summary>The report as HTML.</summary>
    public static string Render(PilotResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var html = new HtmlWriter();
        string source = Path.GetFileName(result.Setting.Source) is { Length: > 0 } name ? name : result.Setting.Source;
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Open("head")
            .Empty("meta", ("charset", "utf-8"))
            .Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            .Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"))
            .Element("title", "Pilot: " + source)
            .Raw("<style>").Raw(ReportStyle.Css).Raw("</style>").Close("head").Open("body").Open("main");
        Header(html, result, source);
        Verdict(html, result);
        Notes(html, result);
        Scores(html, result);
        foreach (PilotContestant contestant in result.Contestants)
            GroupsAndAffinity(html, result, contestant);
        GradientSection.Write(html, result);
        Curves(html, result);
        Cost(html, result);
        Setting(html, result);
        Reading(html);
        return html.Close("main").Close("body").Close("html").Raw("\n").ToString();
    }

    private static void Header(HtmlWriter html, PilotResult result, string source)
    {
        PilotSetting setting = result.Setting;
        html.Element("h1", "Pilot: " + source);
        html.Element("p",
            $"{Words(result.Tasks.Count, "task")}, {ReportNumber.Count(setting.Rows)} rows, {Words(setting.Inputs, "input")}, {Words(setting.Seeds.Count, "seed")}, "
            + $"{Words(result.Contestants.Count, "contestant")}, {ReportNumber.Seconds(setting.Seconds)}; started {setting.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}.",
            ("class", "dim"));
        if (!result.Complete)
            html.Element("div", "Stopped early: this report shows what was reached.", ("class", "banner"), ("role", "note"));
    }

    private static void Verdict(HtmlWriter html, PilotResult result)
    {
        html.Open("section", ("class", "verdict " + JsonNamingPolicy.KebabCaseLower.ConvertName(result.Verdict.Kind.ToString())));
        html.Element("p", result.Verdict.Headline, ("class", "head"));
        List(html, result.Verdict.Reasons);
        html.Close("section");
    }

    private static void Notes(HtmlWriter html, PilotResult result)
    {
        if (result.Notes.Count == 0) return;
        OpenSection(html, "Worth knowing");
        List(html, result.Notes);
        html.Close("section");
    }

    private static void Scores(HtmlWriter html, PilotResult result)
    {
        OpenSection(html, "Gain over one network per task (delta-m)");
        html.Element("p", "Mean relative gain of the test metrics over single-task networks; right of the line is better. "
            + "Bar: mean; band: ± spread; dots: seeds.", ("class", "sub"));
        DeltaMPlot.Write(html, result);
        if (result.Contestants.Count > PilotTables.FewContestants)
        {
            html.Element("h3", "All contestants, best first");
            HtmlTable.Write(html, PilotTables.Ranking(result));
        }

        var gains = new HtmlWriter();
        if (GainPlot.Write(gains, result))
            html.Element("h3", "By task, mean over the seeds").Raw(gains.ToString());
        html.Close("section");
        OpenSection(html, "Test metrics per task");
        html.Element("p", "Mean ± spread over the seeds, in raw units. A star marks the best mean; it need not be better than the rest by more than chance.",
            ("class", "sub"));
        HtmlTable.Write(html, PilotTables.Scores(result), totalRow: true);
        html.Close("section");
    }

    private static void GroupsAndAffinity(HtmlWriter html, PilotResult result, PilotContestant contestant)
    {
        if (contestant.Affinity is not null)
        {
            OpenSection(html, "Affinity: which task helps which");
            html.Element("p", $"{contestant.Title}, at the end of training, mean over the seeds.", ("class", "sub"));
            AffinityHeatMap.Write(html, result, contestant);
            html.Close("section");
        }

        PilotRun[] grouped = [.. contestant.Runs.Where(run => run.FinalGroups is not null)];
        if (grouped.Length == 0) return;
        OpenSection(html, "Groups over time");
        html.Element("p", $"{contestant.Title}: one line per task, one colour per group; grey: alone in its group. "
            + "A group keeps its colour as long as most of its members stay together.", ("class", "sub"));
        GroupHistoryPlot.Write(html, result, contestant);
        html.Open("details");
        if (result.Tasks.Count <= 12) html.Raw("<summary>Final groups</summary>");
        else html.Raw("<summary>Final groups, all members</summary>");
        html.Open("ul");
        foreach (PilotRun run in grouped)
            html.Element("li", $"Seed {run.Seed}: {PilotTables.GroupText(result, run.FinalGroups!)}");
        html.Close("ul").Close("details").Close("section");
    }

    private static void Curves(HtmlWriter html, PilotResult result)
    {
        OpenSection(html, "Learning curves");
        html.Element("p", "Loss over epochs, mean over the tasks, one line per seed (regression targets standardised). "
            + "The weights of the best validation epoch are the ones tested.", ("class", "sub"));
        html.Raw("<ul class=\"legend\"><li><i></i>validation</li><li><i class=\"dash\"></i>training</li></ul>");
        LearningCurvePlot.WriteContestants(html, result);
        var tasks = new HtmlWriter();
        IReadOnlyList<PilotContestant> shown = PilotTables.Leaders(result, ReportStyle.Colours);
        if (LearningCurvePlot.WriteTasks(tasks, result, shown))
        {
            html.Element("h3", "Validation loss per task, first seed");
            if (shown.Count < result.Contestants.Count)
                html.Element("p", "The baselines and the methods with the best delta-m; more lines could not be told apart.", ("class", "sub"));
            html.Open("ul", ("class", "legend"));
            for (int index = 0; index < shown.Count; index++)
                html.Open("li").Open("i", ("class", ReportStyle.Colour(index))).Close("i").Text(shown[index].Title).Close("li");
            html.Close("ul").Raw(tasks.ToString());
        }

        html.Close("section");
    }

    private static void Cost(HtmlWriter html, PilotResult result)
    {
        OpenSection(html, "Time and steps");
        HtmlTable.Write(html, PilotTables.Cost(result));
        html.Close("section");
    }

    private static void Setting(HtmlWriter html, PilotResult result)
    {
        PilotSetting setting = result.Setting;
        OpenSection(html, "What was run");
        html.Open("dl");
        Item(html, "Data", setting.Source);
        Item(html, "Rows, inputs, tasks", $"{ReportNumber.Count(setting.Rows)}, {ReportNumber.Count(setting.Inputs)}, {ReportNumber.Count(result.Tasks.Count)}");
        Item(html, "Split", $"{setting.Split}: {ReportNumber.Count(setting.TrainRows)} training, {ReportNumber.Count(setting.ValidationRows)} validation, "
            + $"{ReportNumber.Count(setting.TestRows)} test rows; {(setting.SplitVaries ? "drawn anew for every seed" : "the same for every seed")}, the same for all contestants");
        Item(html, "Seeds", string.Join(", ", setting.Seeds));
        Item(html, "Machine", $"{setting.Machine.System}, {setting.Machine.Architecture}, {Words(setting.Machine.Processors, "logical processor")}");
        Item(html, "Device", setting.Machine.Device);
        Item(html, "Versions", $"MtlHybrid {setting.Machine.Library}, {setting.Machine.Runtime}");
        Item(html, "Started, duration", $"{setting.Started.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}, {ReportNumber.Seconds(setting.Seconds)}");
        html.Close("dl").Element("h3", "Contestants");
        HtmlTable.WriteWords(html, new ReportTable("Contestants", ["name", "what was trained"],
            [.. result.Contestants.Select(contestant => (IReadOnlyList<ReportCell>)[contestant.Title, contestant.Description])]));
        html.Raw("<details><summary>Tasks and their labels (first seed's split)</summary>");
        HtmlTable.Write(html, new ReportTable("Tasks", ["task", "kind", "metric", "training", "validation", "test"],
            [.. result.Tasks.Select(task => (IReadOnlyList<ReportCell>)[
                task.Name, task.Classes.Count > 2 ? $"{task.Classes.Count} classes" : task.Kind.ToString().ToLowerInvariant(), PilotTables.MetricLabel(task.Metric),
                ReportNumber.Count(task.TrainLabels), ReportNumber.Count(task.ValidationLabels), ReportNumber.Count(task.TestLabels)])]));
        html.Raw("</details><details><summary>All options</summary>").Open("dl");
        foreach ((string name, string value) in OptionList.Flatten(setting.Training))
            Item(html, name, value);
        foreach (PilotContestant contestant in result.Contestants.Where(contestant => contestant.IsCandidate))
            foreach ((string name, string value) in OptionList.Flatten(contestant.Strategy ?? default))
                Item(html, $"{contestant.Title}: {name}", value);
        html.Close("dl").Close("details").Close("section");
    }

    private static void Reading(HtmlWriter html)
    {
        OpenSection(html, "How to read this");
        html.Raw("""
            <ul><li><b>delta-m</b>: the change of each task's metric against a network trained on that task alone, in percent, signed so that
            positive is better, averaged over the tasks.</li>
            <li><b>Spread</b>: the standard deviation over the seeds. Each seed has its own split (unless the split is by order), initial weights and row order;
            all contestants of a seed share them.</li>
            <li><b>Chance</b>: contestants are compared seed by seed. The 95 % intervals use Student's t with the variance correction of Nadeau and Bengio (2003),
            because the training parts of different seeds overlap. Where several methods are under test the best of them is picked, and the best of many looks good
            by chance alone: a lead counts only with a p-value of at most 0.05 divided by the number of methods.</li>
            <li><b>Joint, equal steps</b>: joint training that goes on until it has taken as many optimizer steps as the method under test that took most. Without it, a method that steps more
            often would look better merely for having trained longer. It is not held against methods that took fewer steps.</li>
            <li><b>Affinity</b>: the share of a task's loss that a step on another task's group removed (negative: added), averaged over training.</li></ul>
            """).Close("section");
    }

    private static void OpenSection(HtmlWriter html, string title) => html.Open("section").Element("h2", title);

    private static void Item(HtmlWriter html, string name, string value) => html.Element("dt", name).Element("dd", value);

    private static void List(HtmlWriter html, IReadOnlyList<string> items)
    {
        html.Open("ul");
        foreach (string item in items) html.Element("li", item);
        html.Close("ul");
    }

    private static string Words(int count, string word) => count == 1 ? $"1 {word}" : $"{ReportNumber.Count(count)} {word}s";
}
