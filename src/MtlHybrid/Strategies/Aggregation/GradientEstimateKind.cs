namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Where the inner products of task gradients come from.</summary>
public enum GradientEstimateKind
{
    /// <summary>From the gradients of all shared parameters over the whole batch.</summary>
    Exact = 0,

    /// <summary>From the gradients in the shared representation (the values of the trunk that heads read): nearly free. What the
    /// layers below do to the angles between tasks is not seen.</summary>
    Representation = 1,

    /// <summary>From a part of the batch: cheaper by that share, and noisier.</summary>
    Subsample = 2,

    /// <summary>Exact in every n-th batch; the weights stay in the batches between.</summary>
    Interval = 3,
}
