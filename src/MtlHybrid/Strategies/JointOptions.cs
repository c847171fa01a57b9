using System.Text.Json.Serialization;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Joint training: one step per batch on the losses of all tasks.</summary>
public sealed record JointOptions : StrategyOptions
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => StrategyCatalog.Joint;

    /// <summary>Whether the losses are summed or averaged.</summary>
    /// <value>Sum by default.</value>
    [OptionText("how the losses are put together")]
    public GroupReduction Reduction { get; init; } = GroupReduction.Sum;

    /// <inheritdoc/>
    public override StrategyDescription Describe() => new(Name, "one step per batch on the losses of all tasks", new JointOptions())
    {
        Title = "Joint training",
        Source = "Caruana 1997, Multitask Learning",
        Rule = "d = sum g_i",
        Needs = StrategyNeeds.Losses,
        Cost = "1: the yardstick of the others",
        Heads = "each head steps on its own task's loss",
    };

    /// <inheritdoc/>
    public override IStrategy Create() => new JointTraining(this);
}
