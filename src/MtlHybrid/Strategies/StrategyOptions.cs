using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies;

/// <summary>Options of a strategy; the type chooses the strategy.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(JointOptions), StrategyCatalog.Joint)]
[JsonDerivedType(typeof(SelectiveOptions), StrategyCatalog.Selective)]
public abstract record StrategyOptions
{
    /// <summary>The strategy's name in <see cref="StrategyCatalog"/>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>What the strategy does, from where, and at what cost.</summary>
    public abstract StrategyDescription Describe();

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public abstract void Validate();

    /// <summary>A fresh strategy with these options.</summary>
    public abstract IStrategy Create();
}
