namespace MtlHybrid.Grouping;

/// <summary>What is done to an affinity matrix before it is clustered.</summary>
public enum AffinityNormalization
{
    /// <summary>Nothing: the matrix holds similarities already.</summary>
    None = 0,

    /// <summary>Each column divided by its own diagonal entry (the target's gain from its own updates), then the mean of the
    /// matrix and its transpose.</summary>
    SelfAffinity = 1,

    /// <summary>As the authors' program does it: the division runs in place, so a column is divided by its diagonal entry down
    /// to the diagonal and by 1 below it. The groups depend on the order of the tasks. For reproduction only.</summary>
    OfficialCode = 2,
}
