using System.Text.Json.Serialization;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>What all strategies have in common that combine the gradients of the tasks into one update of the trunk.</summary>
[JsonConverter(typeof(AggregatorOptionsConverter))]
public abstract record AggregatorOptions : StrategyOptions
{
    /// <summary>How heads are scaled, for <see cref="StrategyDescription.Heads"/>.</summary>
    private protected const string PlainHeads =
        "each head steps on its own task's plain gradient; with HeadScaling = Weighted it is multiplied by the task's weight";

    /// <summary>Where the task gradients come from: exact, or an estimate that costs less.</summary>
    /// <value>Exact by default.</value>
    [OptionText("exact, representation, subsample:F (a share of the batch) or every:N (exact in every n-th batch)")]
    [JsonPropertyOrder(-1)]
    public GradientEstimate Gradients { get; init; } = new();

    /// <summary>Whether heads step on their plain gradients or on gradients multiplied by the task's weight, as when a weighted
    /// loss is minimised.</summary>
    /// <value>Plain by default.</value>
    [OptionText("heads step on their plain gradients, or on gradients multiplied by the task's weight")]
    [JsonPropertyOrder(-1)]
    public HeadScaling HeadScaling { get; init; } = HeadScaling.Plain;

    /// <summary>Memory that task gradients may take, as a share of what the network takes without them. Below what all tasks
    /// need at once they are computed in chunks, at up to twice the arithmetic.</summary>
    /// <value>Finite and above 0; 0.5 by default.</value>
    [OptionText("memory for task gradients, as a share of what the network takes without them, above 0")]
    [JsonPropertyOrder(-1)]
    public double GradientMemory { get; init; } = 0.5;

    /// <inheritdoc/>
    public sealed override IStrategy Create() => new AggregatorTraining(this);

    /// <summary>The step of all tasks, or of a group of them.</summary>
    internal abstract GroupStep CreateStep();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Gradients.Validate();
        InvalidOptionException.RequireAbove0(GradientMemory);
    }
}
