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
    public void No_sentence_shows_a_number_that_does_not_exist()
    {
        PilotVerdict[] verdicts = [SamplePilot.Build().Verdict, SamplePilot.Build(seeds: 1).Verdict, SamplePilot.Build(seeds: 2, divergedSeed: 0).Verdict];

        Assert.All(verdicts, verdict => Assert.DoesNotContain("NaN", verdict.Headline + string.Join(' ', verdict.Reasons), StringComparison.Ordinal));
    }
}
