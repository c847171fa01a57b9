using MathNet.Numerics.Distributions;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Pilot;

/// <summary>The statistics behind <see cref="PairedComparison"/>.</summary>
internal static class PairedTest
{
    private const double Confidence = 0.95;

    /// <summary>Compares two contestants seed by seed.</summary>
    /// <param name="candidate">Id of the candidate.</param>
    /// <param name="baseline">Id of the baseline.</param>
    /// <param name="differences">Candidate minus baseline, one per seed.</param>
    /// <param name="testToTrain">Test rows divided by training rows when every seed drew its own split, 0 when all seeds share
    /// one: the correction of the variance.</param>
    public static PairedComparison Compare(string candidate, string baseline, IReadOnlyList<double> differences, double testToTrain)
    {
        MeanAndSpread summary = MeanAndSpread.Of(differences);
        double lower = double.NaN, upper = double.NaN, p = double.NaN;
        if (summary.Count >= 2)
        {
            double error = summary.StandardDeviation * Math.Sqrt(1.0 / summary.Count + testToTrain);
            int degrees = summary.Count - 1;
            double reach = error * StudentT.InvCDF(0, 1, degrees, 0.5 + Confidence / 2);
            lower = summary.Mean - reach;
            upper = summary.Mean + reach;
            // Equal differences in all seeds leave no error: then only a mean of exactly 0 is "no difference".
            p = error > 0
                ? 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(summary.Mean / error))
                : summary.Mean == 0 ? 1 : 0;
        }

        return new PairedComparison
        {
            Candidate = candidate,
            Baseline = baseline,
            Differences = differences,
            Difference = summary,
            Lower = lower,
            Upper = upper,
            PValue = p,
        };
    }

    /// <summary>The seeds' differences in delta-m of two contestants, for the seeds in which both have one.</summary>
    public static double[] Differences(PilotContestant candidate, PilotContestant baseline)
    {
        var baselines = baseline.Runs.ToDictionary(run => run.Seed, run => run.DeltaM);
        return [.. candidate.Runs
            .Where(run => baselines.ContainsKey(run.Seed))
            .Select(run => run.DeltaM - baselines[run.Seed])
            .Where(double.IsFinite)];
    }
}
