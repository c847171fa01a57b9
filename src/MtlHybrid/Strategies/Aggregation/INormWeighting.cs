namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Chooses the weights of a summed loss, L = sum w_i l_i, from the losses and the norms of the task gradients at the last
/// shared layer. One instance serves one run and may keep state between batches.</summary>
public interface INormWeighting
{
    /// <summary>The weights for one batch; what the batch teaches counts from the next one on.</summary>
    /// <param name="norms">[n] |g_i| at the last shared layer, of the plain (not weighted) losses; finite, at least 0.</param>
    /// <param name="inputs">Which tasks take part, their losses.</param>
    /// <param name="weights">[n], written; finite, above 0.</param>
    void Weigh(ReadOnlySpan<double> norms, in AggregationInputs inputs, Span<double> weights);
}
