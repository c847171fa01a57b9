using MtlHybrid.Modeling;

namespace MtlHybrid.Strategies.Weighting;

/// <summary>Chooses the weights of one summed loss, L = sum w_i l_i, from the losses alone: the gradient of a weighting's
/// objective, with respect to the losses. One instance serves one run and may keep state between batches.</summary>
public interface ILossWeighting
{
    /// <summary>Whether <see cref="AfterStep"/> wants the losses once more after each step, for one more forward per batch.</summary>
    bool MeasuresAfterStep => false;

    /// <summary>Called once, before the first batch.</summary>
    /// <param name="losses">[K] which loss each task has.</param>
    /// <param name="seed">Seed of everything random.</param>
    void Prepare(IReadOnlyList<LossKind> losses, ulong seed);

    /// <summary>The weights for one batch.</summary>
    /// <param name="batch">Number of the batch, epoch, learning rate.</param>
    /// <param name="losses">[K]; NaN for tasks without a label in the batch. Tasks whose loss is not finite take no part: K counts
    /// the others, and state that belongs to the task stays.</param>
    /// <param name="weights">[K], written; finite; 0 for tasks that take no part.</param>
    void Weigh(in BatchContext batch, ReadOnlySpan<double> losses, Span<double> weights);

    /// <summary>The losses on the same batch after the step; called once after each <see cref="Weigh"/> when
    /// <see cref="MeasuresAfterStep"/>.</summary>
    /// <param name="losses">[K]; NaN as in <see cref="Weigh"/>.</param>
    void AfterStep(ReadOnlySpan<double> losses)
    {
    }
}
