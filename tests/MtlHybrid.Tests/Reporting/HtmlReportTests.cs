using System.Xml;
using MtlHybrid.Pilot;
using MtlHybrid.Reporting;
using MtlHybrid.Tests.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class HtmlReportTests
{
    [Fact]
    public void Text_from_the_data_is_never_markup()
    {
        const string Hostile = "<script>alert('1')</script>\"&<b onload=x>";
        PilotResult result = SamplePilot.Build(names: [Hostile, "a\"b", "c'd"]);
        result = result with
        {
            Setting = result.Setting with { Source = Hostile, Split = Hostile, Machine = result.Setting.Machine with { Device = Hostile } },
            Notes = [Hostile],
            Contestants = [.. result.Contestants.Select(contestant => contestant with { Title = contestant.Title + Hostile, Description = Hostile })],
            Verdict = result.Verdict with { Headline = Hostile, Reasons = [Hostile] },
        };

        string html = HtmlReport.Render(result);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b onload", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        AssertWellFormed(html);
    }

    [Fact]
    public void It_asks_for_nothing_from_elsewhere_and_runs_no_script()
    {
        string html = HtmlReport.Render(SamplePilot.Build());

        Assert.All(new[] { "http:", "https:", "//", "src=", "href=", "url(", "@import", "<script", "<link", "<iframe" },
            part => Assert.DoesNotContain(part, html, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("default-src 'none'", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 5)]
    [InlineData(40, 2)]
    [InlineData(139, 5)]
    public void It_is_well_formed_and_small_whatever_the_size(int tasks, int seeds)
    {
        string html = HtmlReport.Render(SamplePilot.Build(seeds, [.. Enumerable.Range(1, tasks).Select(i => $"school {i}")], noise: 2, divergedSeed: 0));

        AssertWellFormed(html);
        Assert.True(html.Length < 1_500_000, $"{html.Length} characters");
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void Many_contestants_have_a_ranking_and_their_options(int tasks)
    {
        (string, double, ulong?)[] others = [.. Enumerable.Range(1, 9).Select(i => ($"Method {i}", i - 4.0, i == 3 ? 0UL : (ulong?)null))];

        string html = HtmlReport.Render(SamplePilot.Build(3, [.. Enumerable.Range(1, tasks).Select(i => $"school {i}")], noise: 2, others: others));

        AssertWellFormed(html);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("All contestants, best first", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Method 9: beta</dt><dd>0.5</dd>", html, StringComparison.Ordinal);
        Assert.Contains("2 of 3, 1 diverged", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_pilot_says_so_at_the_top()
    {
        Assert.Contains("Stopped early", HtmlReport.Render(SamplePilot.Build(complete: false)), StringComparison.Ordinal);
        Assert.DoesNotContain("Stopped early", HtmlReport.Render(SamplePilot.Build()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pilot_in_which_nothing_finished_still_has_a_report()
    {
        PilotResult sample = SamplePilot.Build(complete: false);
        PilotResult empty = PilotSummary.Build(
            sample.Setting, sample.Tasks, [.. sample.Contestants.Select(contestant => contestant with { Runs = [], Affinity = null })], [], complete: false);

        AssertWellFormed(HtmlReport.Render(empty));
        Assert.Equal(VerdictKind.Undecided, empty.Verdict.Kind);
    }

    [Fact]
    public void An_affinity_that_was_never_measured_is_no_colour_and_no_number()
    {
        PilotResult sample = SamplePilot.Build();
        foreach (double[] row in sample.Find("selective")!.Affinity!)
            Array.Fill(row, double.NaN);

        string html = HtmlReport.Render(sample);

        AssertWellFormed(html);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    /// <summary>The report is written so that it is XML too: every element closed, every attribute quoted.</summary>
    private static void AssertWellFormed(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        while (reader.Read())
        {
        }
    }
}
