namespace MtlHybrid.Engine;

/// <summary>How kept task gradients become one direction.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Trim">Of a trimmed mean: how many of the largest and of the smallest are left out; at least 0, and at most as
/// many as leave one.</param>
/// <param name="Leak">Of a vote: the share that what does not stay keeps, in [0, 1].</param>
/// <param name="Seed">Of a vote's random numbers.</param>
/// <param name="Batch">Of a vote's random numbers.</param>
public readonly record struct GradientCombination(
    CombinationKind Kind, int Trim = 0, double Leak = 0, ulong Seed = 0, long Batch = 0);
