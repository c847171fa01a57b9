using MtlHybrid.Strategies.Aggregation;
using static MtlHybrid.Tests.Strategies.Aggregation.AggregatorProperties;

namespace MtlHybrid.Tests.Strategies.Aggregation;

/// <summary>Every aggregator with what it promises: a new one is one line here.</summary>
internal static class AggregatorCases
{
    /// <summary>The regularisation of the dual cone, a share of the trace, lets gradients oppose the direction by about the square
    /// root of it times their number; short ones by more.</summary>
    private const double Regularized = 0.1;

    public static IReadOnlyList<AggregatorCase> All { get; } =
    [
        AggregatorCase.Of("mgda", () => new Mgda(MgdaNormalization.None),
            NonConflicting | PermutationInvariant | Homogeneous | ZeroAtStationary | WithoutMemory),
        AggregatorCase.Of("mgda l2", () => new Mgda(MgdaNormalization.L2), NonConflicting | PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("mgda loss", () => new Mgda(MgdaNormalization.Loss), NonConflicting | Homogeneous | ZeroAtStationary | WithoutMemory),
        AggregatorCase.Of("mgda loss+", () => new Mgda(MgdaNormalization.LossPlus), NonConflicting | WithoutMemory),
        AggregatorCase.Of("cagrad", () => new CAGrad(0.5, CAGradRescale.None), PermutationInvariant | Homogeneous | WithoutMemory, 1e-6),
        AggregatorCase.Of("cagrad 0.9", () => new CAGrad(0.9, CAGradRescale.Square), PermutationInvariant | Homogeneous | WithoutMemory, 1e-6),
        AggregatorCase.Of("cagrad 2", () => new CAGrad(2, CAGradRescale.Linear), Homogeneous | WithoutMemory, 1e-6),
        AggregatorCase.Of("imtl-g", () => new ImtlG(), PermutationInvariant | Homogeneous | WithoutMemory),
        AggregatorCase.Of("nash-mtl", () => new NashMtl(1, 1), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("nash-mtl every 3", () => new NashMtl(1, 3), PermutationInvariant),
        AggregatorCase.Of("aligned-mtl", () => new AlignedMtl(AlignedScale.Min), PermutationInvariant | Homogeneous | WithoutMemory),
        AggregatorCase.Of("aligned-mtl median", () => new AlignedMtl(AlignedScale.Median), PermutationInvariant | Homogeneous | WithoutMemory),
        AggregatorCase.Of("aligned-mtl rmse", () => new AlignedMtl(AlignedScale.Rmse), PermutationInvariant | Homogeneous | WithoutMemory),
        AggregatorCase.Of("fairgrad", () => new FairGrad(1), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("fairgrad 0.5", () => new FairGrad(0.5), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("fairgrad 0.1", () => new FairGrad(0.1), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("fairgrad 10", () => new FairGrad(10), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("fairgrad 3", () => new FairGrad(3), PermutationInvariant | WithoutMemory),
        AggregatorCase.Of("upgrad", () => new UPGrad(1e-4),
            NonConflictingAtSimilarLengths | PermutationInvariant | Homogeneous | ZeroOnlyAtStationary | WithoutMemory, Regularized),
        AggregatorCase.Of("upgrad exact", () => new UPGrad(0),
            NonConflicting | PermutationInvariant | LinearUnderScaling | Homogeneous | ZeroOnlyAtStationary | ZeroAtStationary | WithoutMemory),
        AggregatorCase.Of("dualproj", () => new DualProj(1e-4),
            NonConflictingAtSimilarLengths | PermutationInvariant | Homogeneous | ZeroOnlyAtStationary | WithoutMemory, Regularized),
        AggregatorCase.Of("dualproj exact", () => new DualProj(0),
            NonConflicting | PermutationInvariant | Homogeneous | ZeroOnlyAtStationary | ZeroAtStationary | WithoutMemory),
        AggregatorCase.Of("config", () => new ConFig(), PermutationInvariant | LinearUnderScaling | Homogeneous | WithoutMemory),
        AggregatorCase.Of("pcgrad", () => new PCGrad(), Homogeneous | WithoutMemory),
        AggregatorCase.Of("gradvac", () => new GradVac(0.5), Homogeneous),
        AggregatorCase.Of("gradvac at once", () => new GradVac(1), Homogeneous),
        // Of two gradients that are each other's nearest neighbour, krum takes the first.
        AggregatorCase.Of("krum", () => new Krum(1, 1), Homogeneous | WithoutMemory),
        AggregatorCase.Of("krum 3 of all", () => new Krum(0, 3), Homogeneous | WithoutMemory),
        AggregatorCase.Of("graddrop", () => new GradDrop(0), Homogeneous | WithoutMemory),
        AggregatorCase.Of("trimmed-mean", () => new TrimmedMean(1), PermutationInvariant | Homogeneous | WithoutMemory),
        AggregatorCase.Of("db-mtl", () => new DbMtl(0.9), Homogeneous),
        AggregatorCase.Of("excess-mtl", () => new ExcessMtl(0.01), PermutationInvariant | Homogeneous),
        AggregatorCase.Of("moco", () => new MoCo(0.5, 0.5, 0.1, 0.5, 0), PermutationInvariant | Homogeneous),
        AggregatorCase.Of("modo", () => new EqualHalves(new MoDo(0.1, 0.1)), PermutationInvariant | Homogeneous),
        AggregatorCase.Of("sdmgrad", () => new EqualHalves(new SDMGrad(0.3, 20)), PermutationInvariant | Homogeneous),
    ];
}
