using MtlHybrid.Pilot;
using Xunit;

namespace MtlHybrid.Tests.Pilot;

public sealed class PilotVerdictTests
{
    [Fact]
    public void A_clear_lead_over_every_baseline_is_better()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 6).Verdict;

        Assert.Equal(VerdictKind.Better, verdict.Kind);
        Assert.Contains("joint training (equal steps)", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains(verdict.Reasons, reason => reason.Contains("95 % interval", StringComparison.Ordinal));
        Assert.Contains(verdict.Reasons, reason => reason.StartsWith("To choose now: selective updates", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lead_within_the_noise_is_no_proof()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 1.7, noise: 3).Verdict;

        Assert.Equal(VerdictKind.NoDifference, verdict.Kind);
        Assert.StartsWith("No proof", verdict.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(verdict.Reasons, reason => reason.StartsWith("To choose now: selective updates", StringComparison.Ordinal));
    }

    [Fact]
    public void Losing_clearly_to_one_baseline_is_worse_even_if_another_is_beaten()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 0.9, noise: 0.05).Verdict;

        Assert.Equal(VerdictKind.Worse, verdict.Kind);
        Assert.Contains("joint training (equal steps)", verdict.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("single-task", verdict.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_decides_nothing_and_says_so()
    {
        PilotVerdict verdict = SamplePilot.Build(seeds: 1).Verdict;

        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("one seed gives no spread", verdict.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(verdict.Reasons, reason => reason.Contains("interval", StringComparison.Ordinal)
            || reason.StartsWith("To choose", StringComparison.Ordinal));
    }

    [Fact]
    public void Not_being_told_apart_is_not_sold_as_being_equal()
    {
        PilotVerdict verdict = SamplePilot.Build(seeds: 2, candidateGain: 30, noise: 60).Verdict;

        Assert.Equal(VerdictKind.NoDifference, verdict.Kind);
        Assert.Contains(verdict.Reasons, reason => reason.Contains("more seeds would tell", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cheaper_contestant_that_is_practically_as_good_is_preferred()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 1.5, noise: 0.1).Verdict;

        Assert.Contains(verdict.Reasons, reason => reason.StartsWith("To choose now: joint training; it is within 0.5 points", StringComparison.Ordinal)
            || reason.StartsWith("To choose now: joint training (equal steps)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_pilot_says_that_it_was_stopped() =>
        Assert.Contains(SamplePilot.Build(complete: false).Verdict.Reasons, reason => reason.Contains("stopped", StringComparison.Ordinal));

    [Fact]
    public void The_best_of_many_needs_a_clearer_lead_and_says_so()
    {
        PilotVerdict alone = SamplePilot.Build(candidateGain: 3.5, noise: 1.6).Verdict;
        PilotVerdict picked = SamplePilot.Build(candidateGain: 3.5, noise: 1.6, others: [.. Enumerable.Range(1, 9).Select(i => ($"Method {i}", -1.0, (ulong?)null))]).Verdict;

        Assert.Equal(VerdictKind.Better, alone.Kind);
        Assert.Equal(VerdictKind.NoDifference, picked.Kind);
        Assert.Contains("the pick of the best of 10", picked.Headline, StringComparison.Ordinal);
        Assert.Contains(picked.Reasons, reason => reason.Contains("picked as the best of 10 methods", StringComparison.Ordinal));
        Assert.Contains(picked.Reasons, reason => reason.Contains("better taken alone, but no more than the best of 10 may be by chance", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lead_that_stands_the_correction_is_better_even_as_the_best_of_many()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 8, noise: 0.2, others: [("PCGrad", 2, null), ("Nash-MTL", 1, null)]).Verdict;

        Assert.Equal(VerdictKind.Better, verdict.Kind);
        Assert.EndsWith("even as the best of 3.", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains(verdict.Reasons, reason => reason.Contains("A second pilot of that one alone", StringComparison.Ordinal));
    }

    [Fact]
    public void A_method_that_diverged_is_not_the_choice_however_good_its_other_seeds_are()
    {
        PilotVerdict verdict = SamplePilot.Build(candidateGain: 4, others: [("PCGrad", 20, 2), ("Krum", 1, null)]).Verdict;

        Assert.StartsWith("Selective updates", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("Left out of the choice, because training diverged or failed: PCGrad (1 of 5 seeds).", verdict.Reasons);
        Assert.Contains(verdict.Reasons, reason => reason.StartsWith("To choose now: selective updates", StringComparison.Ordinal));
    }

    [Fact]
    public void A_baseline_with_the_budget_of_another_method_is_not_held_against_this_one()
    {
        PilotResult sample = SamplePilot.Build(candidateGain: -4, noise: 0.2, others: [("PCGrad", 1.4, null)]);
        // As many steps as selective updates took.
        PilotContestant[] contestants = [.. sample.Contestants.Select(contestant => contestant.Id != PilotContestant.JointEqualSteps
            ? contestant
            : contestant with { Runs = [.. contestant.Runs.Select(run => run with { OptimizerSteps = 3 * run.OptimizerSteps })] })];

        PilotVerdict verdict = PilotSummary.Build(sample.Setting, sample.Tasks, contestants, [], complete: true).Verdict;

        Assert.NotEqual(VerdictKind.Worse, verdict.Kind);
        Assert.DoesNotContain("equal steps", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains(verdict.Reasons, reason => reason.StartsWith("Joint training (equal steps) had ", StringComparison.Ordinal)
            && reason.Contains("times the optimizer steps of PCGrad", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Joint training", "joint training")]
    [InlineData("Selective updates", "selective updates")]
    [InlineData("Joint training (equal steps)", "joint training (equal steps)")]
    [InlineData("PCGrad", "PCGrad")]
    [InlineData("Krum", "Krum")]
    [InlineData("Nash-MTL", "Nash-MTL")]
    [InlineData("Single-task networks", "single-task networks")]
    [InlineData("", "")]
    public void Titles_that_are_names_keep_their_capital_inside_sentences(string title, string inSentence) => Assert.Equal(inSentence, PilotTitle.InSentence(title));

    [Fact]
    public void No_sentence_shows_a_number_that_does_not_exist()
    {
        PilotVerdict[] verdicts = [SamplePilot.Build().Verdict, SamplePilot.Build(seeds: 1).Verdict, SamplePilot.Build(seeds: 2, divergedSeed: 0).Verdict];

        Assert.All(verdicts, verdict => Assert.DoesNotContain("NaN", verdict.Headline + string.Join(' ', verdict.Reasons), StringComparison.Ordinal));
    }
}
