namespace MtlHybrid.Pilot;

/// <summary>What the pilot found about its candidate.</summary>
public enum VerdictKind
{
    /// <summary>Too little to decide: one seed, or runs are missing.</summary>
    Undecided = 0,

    /// <summary>The candidate beat every baseline by more than chance explains.</summary>
    Better = 1,

    /// <summary>At least one baseline cannot be told apart from the candidate, and none beat it.</summary>
    NoDifference = 2,

    /// <summary>At least one baseline beat the candidate by more than chance explains.</summary>
    Worse = 3,
}
