namespace MtlHybrid.Strategies;

/// <summary>What a strategy must be given in every batch; decides most of its cost.</summary>
public enum StrategyNeeds
{
    /// <summary>The losses of the tasks: one forward and one backward per batch, as joint training.</summary>
    Losses = 0,

    /// <summary>The losses, and once more after the step: one more forward per batch.</summary>
    LossesAfterStep = 1,

    /// <summary>The inner products of the task gradients of the shared parameters (K x K).</summary>
    Gram = 2,

    /// <summary>Inner products of the task gradients of two halves of the batch (2K x 2K).</summary>
    HalfBatchGram = 3,

    /// <summary>The norms of the task gradients at the last shared layer.</summary>
    LastLayerNorms = 4,

    /// <summary>All task gradients of the shared parameters, element by element (K x P).</summary>
    Matrix = 5,

    /// <summary>The losses of all tasks after every group's step, which selective updates measure on the way.</summary>
    GroupLosses = 6,
}
