using MtlHybrid.Pilot;
using MtlHybrid.Reporting;
using MtlHybrid.Tests.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Reporting;

public sealed class PilotTablesTests
{
    [Fact]
    public void The_best_mean_is_marked_by_the_direction_of_the_metric()
    {
        ReportTable table = PilotTables.Scores(SamplePilot.Build(candidateGain: 8));

        Assert.All(table.Rows, row => Assert.True(row[^1].IsBest, row[0].Text));
        Assert.All(table.Rows, row => Assert.Single(row, cell => cell.IsBest));
        Assert.Equal(SamplePilot.FiveTasks.Append("delta-m"), table.Rows.Select(row => row[0].Text));
        Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
    }

    [Fact]
    public void Runs_that_diverged_show_in_the_cost_table() =>
        Assert.Contains(PilotTables.Cost(SamplePilot.Build(divergedSeed: 1)).Rows, row => row[^1].Text == "4 of 5, 1 diverged");

    [Fact]
    public void The_ranking_has_the_best_first_and_those_without_scores_last()
    {
        PilotResult result = SamplePilot.Build(seeds: 1, candidateGain: 3, noise: 0, others: [("PCGrad", 5, null), ("Krum", 9, 0), ("MGDA", -4, null)]);

        ReportTable table = PilotTables.Ranking(result);

        Assert.Equal(
            ["PCGrad", "Selective updates", "Joint training (equal steps)", "Joint training", "Single-task networks", "MGDA", "Krum"],
            table.Rows.Select(row => row[0].Text));
        Assert.Equal("5 of 5", table.Rows[0][2].Text);
        Assert.Equal("0 of 5", table.Rows[5][2].Text);
        Assert.Equal("0 of 1, 1 diverged", table.Rows[6][^1].Text);
    }

    [Fact]
    public void Leaders_are_the_baselines_and_the_best_methods()
    {
        PilotResult result = SamplePilot.Build(candidateGain: 3, noise: 0, others: [("PCGrad", 5, null), ("MGDA", -4, null)]);

        Assert.Equal(["single-task", "joint", "joint-equal-steps", "selective", "pcgrad"], PilotTables.Leaders(result, 5).Select(contestant => contestant.Id));
        Assert.Equal(["single-task", "joint", "joint-equal-steps", "pcgrad"], PilotTables.Leaders(result, 2).Select(contestant => contestant.Id));
        Assert.DoesNotContain(PilotTables.Scores(result, PilotTables.Leaders(result, 4).Take(3).ToArray()).Rows, row => row.Any(cell => cell.IsBest));
    }

    [Fact]
    public void Columns_of_the_text_form_stay_in_line_with_and_without_a_mark()
    {
        var table = new ReportTable("t", ["task", "a", "b"], [["x", new ReportCell("1.0", IsBest: true), "2.0"], ["long name", "1.5", new ReportCell("0.5", IsBest: true)]]);

        string[] lines = table.ToText().TrimEnd().Split(Environment.NewLine);

        Assert.Equal(lines[2].IndexOf("1.0", StringComparison.Ordinal), lines[3].IndexOf("1.5", StringComparison.Ordinal));
        Assert.Equal(lines[2].IndexOf("2.0", StringComparison.Ordinal), lines[3].IndexOf("0.5", StringComparison.Ordinal));
        Assert.Contains("1.0 *", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Affinity_is_written_in_units_that_leave_readable_numbers()
    {
        PilotResult result = SamplePilot.Build();

        ReportTable table = PilotTables.Affinity(result, result.Find("selective")!, out int exponent)!;

        Assert.Equal(-3, exponent);
        Assert.Equal("4.0", table.Rows[0][1].Text);
    }

    [Fact]
    public void One_wild_entry_does_not_set_the_scale_of_the_affinity()
    {
        PilotResult result = SamplePilot.Build();
        result.Find("selective")!.Affinity![0][1] = -2525;

        ReportTable table = PilotTables.Affinity(result, result.Find("selective")!, out int exponent)!;

        Assert.InRange(exponent, -3, -2);
        Assert.Matches("^-[0-9]e\\+[0-9]$", table.Rows[0][2].Text);
    }

    [Fact]
    public void There_is_no_affinity_table_without_affinity_or_for_very_many_tasks()
    {
        PilotResult few = SamplePilot.Build();
        PilotResult many = SamplePilot.Build(1, [.. Enumerable.Range(0, PilotTables.MaximumAffinityTasks + 1).Select(i => $"t{i}")]);

        Assert.Null(PilotTables.Affinity(few, few.Find("joint")!, out _));
        Assert.Null(PilotTables.Affinity(many, many.Find("selective")!, out _));
    }

    [Fact]
    public void Final_groups_name_every_task_once_per_seed()
    {
        ReportTable table = PilotTables.Groups(SamplePilot.Build(seeds: 3))!;

        Assert.Equal(3, table.Rows.Count);
        Assert.All(table.Rows, row => Assert.All(SamplePilot.FiveTasks, task => Assert.Contains(task, row[^1].Text, StringComparison.Ordinal)));
    }
}
