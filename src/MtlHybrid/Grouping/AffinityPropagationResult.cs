namespace MtlHybrid.Grouping;

/// <summary>Outcome of one clustering by affinity propagation.</summary>
/// <param name="Groups">The clusters around the exemplars that stood at the end; null when there was no exemplar. Where
/// <paramref name="Converged"/> is false they are a snapshot of an oscillation, not a result.</param>
/// <param name="Converged">Whether the exemplars settled within the rounds allowed.</param>
/// <param name="Iterations">Rounds of messages; 0 where the answer was plain without any.</param>
public sealed record AffinityPropagationResult(TaskGroups? Groups, bool Converged, int Iterations);
