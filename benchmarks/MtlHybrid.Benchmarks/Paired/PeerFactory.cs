using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>Makes the peer's side of a problem, from our initial parameters in the order of their layout.</summary>
internal delegate ITrainingSide PeerFactory(
    StepProblem problem, IReadOnlyList<(ParameterTensor Where, float[] Values)> parameters, StepKind kind);
