using System.Text.Json.Serialization;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Strategies;

/// <summary>Options of a strategy; the type chooses the strategy.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(JointOptions), StrategyCatalog.Joint)]
[JsonDerivedType(typeof(SelectiveOptions), StrategyCatalog.Selective)]
[JsonDerivedType(typeof(ScaleInvariantOptions), StrategyCatalog.ScaleInvariant)]
[JsonDerivedType(typeof(RandomLossWeightingOptions), StrategyCatalog.RandomLossWeighting)]
[JsonDerivedType(typeof(UncertaintyWeightingOptions), StrategyCatalog.UncertaintyWeighting)]
[JsonDerivedType(typeof(ImtlLOptions), StrategyCatalog.ImtlL)]
[JsonDerivedType(typeof(DynamicWeightAverageOptions), StrategyCatalog.DynamicWeightAverage)]
[JsonDerivedType(typeof(DynamicTaskPrioritizationOptions), StrategyCatalog.DynamicTaskPrioritization)]
[JsonDerivedType(typeof(GeometricLossOptions), StrategyCatalog.GeometricLoss)]
[JsonDerivedType(typeof(SmoothTchebycheffOptions), StrategyCatalog.SmoothTchebycheff)]
[JsonDerivedType(typeof(FamoOptions), StrategyCatalog.Famo)]
[JsonDerivedType(typeof(ExcessMtlOptions), StrategyCatalog.ExcessMtl)]
[JsonDerivedType(typeof(GradNormOptions), StrategyCatalog.GradNorm)]
[JsonDerivedType(typeof(MgdaOptions), StrategyCatalog.Mgda)]
[JsonDerivedType(typeof(PCGradOptions), StrategyCatalog.PCGrad)]
[JsonDerivedType(typeof(GradVacOptions), StrategyCatalog.GradVac)]
[JsonDerivedType(typeof(GradDropOptions), StrategyCatalog.GradDrop)]
[JsonDerivedType(typeof(CAGradOptions), StrategyCatalog.CAGrad)]
[JsonDerivedType(typeof(ImtlGOptions), StrategyCatalog.ImtlG)]
[JsonDerivedType(typeof(NashMtlOptions), StrategyCatalog.NashMtl)]
[JsonDerivedType(typeof(AlignedMtlOptions), StrategyCatalog.AlignedMtl)]
[JsonDerivedType(typeof(FairGradOptions), StrategyCatalog.FairGrad)]
[JsonDerivedType(typeof(UPGradOptions), StrategyCatalog.UPGrad)]
[JsonDerivedType(typeof(DualProjOptions), StrategyCatalog.DualProj)]
[JsonDerivedType(typeof(ConFigOptions), StrategyCatalog.ConFig)]
[JsonDerivedType(typeof(DbMtlOptions), StrategyCatalog.DbMtl)]
[JsonDerivedType(typeof(MoCoOptions), StrategyCatalog.MoCo)]
[JsonDerivedType(typeof(MoDoOptions), StrategyCatalog.MoDo)]
[JsonDerivedType(typeof(SDMGradOptions), StrategyCatalog.SDMGrad)]
[JsonDerivedType(typeof(KrumOptions), StrategyCatalog.Krum)]
[JsonDerivedType(typeof(TrimmedMeanOptions), StrategyCatalog.TrimmedMean)]
public abstract record StrategyOptions
{
    /// <summary>The strategy's name in <see cref="StrategyCatalog"/>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Learning rate of the heads divided by that of the trunk.</summary>
    /// <value>Finite and at least 0; 1 by default (the authors of selective updates use K for 4 and 5 tasks, 1 for 11).</value>
    [OptionText("learning rate of the heads, as a multiple of that of the trunk, at least 0")]
    [JsonPropertyOrder(-1)]
    public double HeadLearningRateFactor { get; init; } = 1;

    /// <summary>What the strategy does, from where, and at what cost.</summary>
    public abstract StrategyDescription Describe();

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public virtual void Validate() => InvalidOptionException.RequireAtLeast0(HeadLearningRateFactor);

    /// <summary>A fresh strategy with these options.</summary>
    public abstract IStrategy Create();
}
