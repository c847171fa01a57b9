namespace MtlHybrid.Pilot;

/// <summary>How far a pilot is.</summary>
/// <param name="Seed">The seed being run.</param>
/// <param name="SeedNumber">Which of the seeds it is, from 1.</param>
/// <param name="SeedCount">How many seeds there are.</param>
/// <param name="Contestant">Title of the contestant being trained.</param>
/// <param name="ContestantFraction">Share of this contestant's training that is done, in [0, 1]; early stopping may end it sooner.</param>
/// <param name="Fraction">Share of the whole pilot that is done, in [0, 1], estimated; never falls.</param>
/// <param name="Elapsed">Time since the pilot began.</param>
/// <param name="Remaining">Time left, estimated; null while it cannot be told.</param>
public sealed record PilotProgress(
    ulong Seed,
    int SeedNumber,
    int SeedCount,
    string Contestant,
    double ContestantFraction,
    double Fraction,
    TimeSpan Elapsed,
    TimeSpan? Remaining);
