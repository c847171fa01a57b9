using MtlHybrid.Benchmarks.Paired;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>What was measured of one kind of step.</summary>
/// <param name="Step">Which.</param>
/// <param name="Seconds">Per batch.</param>
/// <param name="OverJoint">The same, divided by joint steps just before and after; empty for the joint step itself.</param>
/// <param name="Solver">Seconds of one choice of weights; empty where none are chosen.</param>
/// <param name="SolverShare">What choosing weights takes of all the time.</param>
/// <param name="MemoryBytes">Of the network, task gradients included.</param>
internal sealed record StepResult(
    StepUnderTest Step, Series Seconds, Series OverJoint, Series Solver, Series SolverShare, long MemoryBytes);
