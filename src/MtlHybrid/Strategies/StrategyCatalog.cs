using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Strategies;

/// <summary>The list of strategies: a new one is one class, its options, and one line here and on
/// <see cref="StrategyOptions"/>.</summary>
public static class StrategyCatalog
{
    internal const string Joint = "joint";
    internal const string Selective = "selective";
    internal const string ScaleInvariant = "scale-invariant";
    internal const string RandomLossWeighting = "rlw";
    internal const string UncertaintyWeighting = "uw";
    internal const string ImtlL = "imtl-l";
    internal const string DynamicWeightAverage = "dwa";
    internal const string DynamicTaskPrioritization = "dtp";
    internal const string GeometricLoss = "gls";
    internal const string SmoothTchebycheff = "stch";
    internal const string Famo = "famo";
    internal const string ExcessMtl = "excess-mtl";
    internal const string GradNorm = "gradnorm";
    internal const string Mgda = "mgda";
    internal const string PCGrad = "pcgrad";
    internal const string GradVac = "gradvac";
    internal const string GradDrop = "graddrop";
    internal const string CAGrad = "cagrad";
    internal const string ImtlG = "imtl-g";
    internal const string NashMtl = "nash-mtl";
    internal const string AlignedMtl = "aligned-mtl";
    internal const string FairGrad = "fairgrad";
    internal const string UPGrad = "upgrad";
    internal const string DualProj = "dualproj";
    internal const string ConFig = "config";
    internal const string DbMtl = "db-mtl";
    internal const string MoCo = "moco";
    internal const string MoDo = "modo";
    internal const string SDMGrad = "sdmgrad";
    internal const string Krum = "krum";
    internal const string TrimmedMean = "trimmed-mean";

    private static readonly StrategyOptions[] Defaults =
    [
        new JointOptions(),
        new SelectiveOptions(),
        new ScaleInvariantOptions(),
        new RandomLossWeightingOptions(),
        new UncertaintyWeightingOptions(),
        new ImtlLOptions(),
        new DynamicWeightAverageOptions(),
        new DynamicTaskPrioritizationOptions(),
        new GeometricLossOptions(),
        new SmoothTchebycheffOptions(),
        new FamoOptions(),
        new ExcessMtlOptions(),
        new GradNormOptions(),
        new MgdaOptions(),
        new PCGradOptions(),
        new GradVacOptions(),
        new GradDropOptions(),
        new CAGradOptions(),
        new ImtlGOptions(),
        new NashMtlOptions(),
        new AlignedMtlOptions(),
        new FairGradOptions(),
        new UPGradOptions(),
        new DualProjOptions(),
        new ConFigOptions(),
        new DbMtlOptions(),
        new MoCoOptions(),
        new MoDoOptions(),
        new SDMGradOptions(),
        new KrumOptions(),
        new TrimmedMeanOptions(),
    ];

    /// <summary>Every strategy, in the order people are shown.</summary>
    public static IReadOnlyList<StrategyDescription> All { get; } = [.. Defaults.Select(options => options.Describe())];

    /// <summary>The entry of a name.</summary>
    /// <exception cref="InvalidOptionException">The name is unknown; the message lists the known ones.</exception>
    public static StrategyDescription Find(string name) =>
        All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOptionException("Strategy", $"one of {string.Join(", ", All.Select(entry => entry.Name))}", name);
}
