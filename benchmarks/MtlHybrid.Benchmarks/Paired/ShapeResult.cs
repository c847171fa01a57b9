namespace MtlHybrid.Benchmarks.Paired;

/// <summary>The timings of one shape.</summary>
/// <param name="Problem">What was trained.</param>
/// <param name="Ours">Seconds per step of our side, by kind.</param>
/// <param name="Peer">Seconds per step of the peer, by kind; empty without one.</param>
/// <param name="ProductRate">The machine's matrix products on all threads, in floating-point operations per second.</param>
internal sealed record ShapeResult(
    StepProblem Problem, IReadOnlyDictionary<StepKind, Series> Ours, IReadOnlyDictionary<StepKind, Series> Peer, Series ProductRate)
{
    /// <summary>The share of the matrix product rate that our joint step reaches.</summary>
    public double JointShare => Problem.JointFlops / Ours[StepKind.Joint].Median / ProductRate.Median;

    /// <summary>Our step that a peer's is compared with. One backward per task is the least that gradients of tasks take there.</summary>
    public static StepKind OurKind(StepKind peerKind) => peerKind switch
    {
        StepKind.JointOneHead => StepKind.Joint,
        StepKind.SeparateBackward => StepKind.TaskGradients,
        _ => peerKind,
    };

    /// <summary>Our step that trains as a peer's does: its sum of gradients is that of the joint step.</summary>
    public static StepKind OurTwin(StepKind peerKind) => peerKind == StepKind.Selective ? StepKind.Selective : StepKind.Joint;
}
