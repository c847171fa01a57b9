namespace MtlHybrid.Benchmarks.Paired;

/// <summary>What one step on a batch does.</summary>
internal enum StepKind
{
    /// <summary>One forward, one backward of the sum of all losses, one optimizer step.</summary>
    Joint,

    /// <summary>Per group: forward, all losses, backward of the group's sum, step of the trunk and the group's heads.</summary>
    Selective,

    /// <summary>Peer only. As joint, with the 7 heads as one linear layer of 7 outputs: the fewest calls a joint step can make.</summary>
    JointOneHead,

    /// <summary>Peer only. As joint, with one backward per task; their gradients add up, and are not known apart.</summary>
    SeparateBackward,

    /// <summary>Ours: UPGrad on the exact Gram matrix. Peer: one backward per task, the gradients of the trunk kept apart and then
    /// added up, without any choice of weights.</summary>
    TaskGradients,
}
