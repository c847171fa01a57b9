namespace MtlHybrid.Engine;

/// <summary>Which group a change of the losses is credited to.</summary>
public enum AffinityCredit
{
    /// <summary>The group whose step caused it.</summary>
    SteppedGroup = 0,

    /// <summary>As the authors' program does: losses measured before a group's step are credited to that group, so that it gets
    /// the effect of the group before it. For reproduction only.</summary>
    OfficialCode = 1,
}
