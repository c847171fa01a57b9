namespace MtlHybrid.Training;

/// <summary>How the learning rate changes during training.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant = 0,

    /// <summary>(1 - t)^power, t being the share of training that is done.</summary>
    Polynomial = 1,

    /// <summary>Half a cosine from 1 down to the final factor.</summary>
    Cosine = 2,

    /// <summary>Multiplied by a factor every so many epochs.</summary>
    Step = 3,
}
