namespace MtlHybrid.Engine;

/// <summary>What a combination of kept task gradients is made of.</summary>
public enum CombinationKind
{
    /// <summary>The sum of weights times gradients.</summary>
    Gradients = 0,

    /// <summary>The sum of weights times moving averages.</summary>
    Averages = 1,

    /// <summary>Element by element what a vote on the sign leaves of the sum: P = (1 + sum g / sum |g|) / 2, u uniform; positive
    /// parts stay where P &gt; u, negative ones where P &lt; u.</summary>
    SignVote = 2,

    /// <summary>Element by element the mean without the largest and smallest.</summary>
    TrimmedMean = 3,
}
