using MtlHybrid.Strategies;

namespace MtlHybrid.Cli.Output;

/// <summary>What a strategy must be given, in words.</summary>
internal static class NeedsText
{
    /// <summary>In one or two words, for a column.</summary>
    public static string Short(StrategyNeeds needs) => needs switch
    {
        StrategyNeeds.Losses => "losses",
        StrategyNeeds.LossesAfterStep => "losses twice",
        StrategyNeeds.Gram => "Gram matrix",
        StrategyNeeds.HalfBatchGram => "Gram of halves",
        StrategyNeeds.LastLayerNorms => "gradient norms",
        StrategyNeeds.Matrix => "all gradients",
        StrategyNeeds.GroupLosses => "group losses",
        _ => throw new ArgumentOutOfRangeException(nameof(needs), needs, "what this strategy needs has no words yet"),
    };

    /// <summary>In a sentence.</summary>
    public static string Full(StrategyNeeds needs) => needs switch
    {
        StrategyNeeds.Losses => "the losses of the tasks: one forward and one backward per batch, as joint training",
        StrategyNeeds.LossesAfterStep => "the losses of the tasks, and once more after the step: one more forward per batch",
        StrategyNeeds.Gram => "the inner products of the task gradients of the shared layers (K x K); --gradients gives cheaper estimates",
        StrategyNeeds.HalfBatchGram => "the inner products of the task gradients of two halves of the batch (2K x 2K)",
        StrategyNeeds.LastLayerNorms => "the norms of the task gradients at the last shared layer",
        StrategyNeeds.Matrix => "all task gradients of the shared layers, element by element (K x P)",
        StrategyNeeds.GroupLosses => "the losses of all tasks after every group's step, measured on the way",
        _ => throw new ArgumentOutOfRangeException(nameof(needs), needs, "what this strategy needs has no words yet"),
    };
}
