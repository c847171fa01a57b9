using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Affinity;

/// <summary>
/// Inter-task affinity (C. Fifty et al., "Efficiently Identifying Task Groupings for Multi-Task Learning", 2021), averaged over
/// batches: A(i->k) = 1 - L_k after a probe step of the shared parameters on task i alone / L_k before. Positive: the step
/// helped k. The probe steps are taken back; the heads do not move.
/// </summary>
public sealed class LookAheadAffinity : IAffinityEstimator
{
    private readonly double _limit;
    private readonly AffinityAverage _average;

    /// <summary>An estimate without observations.</summary>
    /// <param name="tasks">Number of tasks, K, at least 1.</param>
    /// <param name="decay">Weight of a new observation, in [0, 1]; as long as there are fewer than 1/decay observations the average
    /// is the plain mean. 0, the default, is the mean over the whole training, as in the paper.</param>
    /// <param name="limit">An observation below minus this counts as minus this: where a loss was nearly 0 before, a step can
    /// multiply it by thousands. Finite and at least 0; 0: no limit, as in the paper.</param>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public LookAheadAffinity(int tasks, double decay = 0, double limit = 10)
    {
        InvalidOptionException.RequireAtLeast0(limit, "Limit");
        _limit = limit;
        _average = new AffinityAverage(tasks, decay);
    }

    /// <inheritdoc/>
    public int Tasks => _average.Tasks;

    /// <summary>Counts the losses of one batch. NaN stands for what was not measured (a task without labels, a task without a
    /// probe step); it is not observed, and neither is a target whose loss was not above 0 before.</summary>
    /// <param name="before">[K]; losses before the probe steps.</param>
    /// <param name="after">[K, K]; entry (i, k): the loss of k after the probe step on i, from the same parameters.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public void Observe(ReadOnlySpan<double> before, Matrix<double> after)
    {
        ArgumentNullException.ThrowIfNull(after);
        if (before.Length != Tasks || after.RowCount != Tasks || after.ColumnCount != Tasks)
            throw new ArgumentException($"expected {Tasks} losses before and {Tasks} x {Tasks} after, got {before.Length} and "
                + $"{after.RowCount} x {after.ColumnCount}");
        for (int target = 0; target < Tasks; target++)
        {
            if (!(before[target] > 0)) continue;
            for (int source = 0; source < Tasks; source++)
            {
                double affinity = 1 - after[source, target] / before[target];
                _average.Observe(source, target, _limit > 0 && double.IsFinite(after[source, target]) ? Math.Max(affinity, -_limit) : affinity);
            }
        }
    }

    /// <inheritdoc/>
    public AffinityMatrix ToMatrix(IReadOnlyList<string>? taskNames = null) => _average.ToMatrix(taskNames);
}
