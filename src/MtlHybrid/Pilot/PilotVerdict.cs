namespace MtlHybrid.Pilot;

/// <summary>The outcome of a pilot in plain words.</summary>
/// <param name="Kind">The finding.</param>
/// <param name="Headline">One sentence.</param>
/// <param name="Reasons">What it rests on, with numbers.</param>
public sealed record PilotVerdict(VerdictKind Kind, string Headline, IReadOnlyList<string> Reasons);
