using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Affinity;

/// <summary>
/// K x K averages of which each entry is observed on its own. The n-th observation of an entry has the weight max(decay, 1/n): the
/// plain mean at first, so that nothing is pulled towards 0, and an exponential moving average from then on.
/// </summary>
internal sealed class AffinityAverage
{
    private readonly double _decay;
    private readonly double[,] _values;
    private readonly long[,] _observations;

    /// <param name="tasks">K, at least 1.</param>
    /// <param name="decay">In [0, 1]; 0: the mean of all observations.</param>
    public AffinityAverage(int tasks, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        InvalidOptionException.Require(decay is >= 0 and <= 1, "Decay", "in [0, 1]", decay);
        _decay = decay;
        _values = new double[tasks, tasks];
        _observations = new long[tasks, tasks];
    }

    public int Tasks => _values.GetLength(0);

    /// <summary>Counts an observation; one that is not finite counts as none.</summary>
    public void Observe(int source, int target, double value)
    {
        if (!double.IsFinite(value)) return;
        double weight = Math.Max(_decay, 1.0 / ++_observations[source, target]);
        // Not value - average, which overflows where both are huge.
        _values[source, target] = (1 - weight) * _values[source, target] + weight * value;
    }

    public AffinityMatrix ToMatrix(IReadOnlyList<string>? taskNames) =>
        new(Matrix<double>.Build.DenseOfArray(_values), taskNames, _observations);
}
