using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Diagnostics;

/// <summary>Means of <see cref="GradientStatistics"/>, and of the weights that a strategy gave the tasks, over batches.</summary>
/// <param name="tasks">Number of tasks, K.</param>
public sealed class GradientDiagnostics(int tasks)
{
    private readonly RunningMean[] _cosines = new RunningMean[tasks * tasks];
    private readonly RunningMean[] _norms = new RunningMean[tasks];
    private readonly RunningMean[] _weights = new RunningMean[tasks];
    private readonly RunningMean[] _products = new RunningMean[tasks * tasks]; // of estimates
    private RunningMean _meanCosine;
    private RunningMean _conflictShare;
    private RunningMean _magnitudeSimilarity;
    private RunningMean _logCondition;
    private RunningMean _minimumNorm;
    private RunningMean _stationarity;
    private long _batches;
    private long _notFinite;

    /// <summary>Adds the gradients of a batch.</summary>
    /// <param name="gram">[n, n] inner products of the gradients of the tasks that have a label in the batch.</param>
    /// <param name="rows">[n] which tasks these are.</param>
    public void Add(Matrix<double> gram, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (rows.Length != gram.RowCount) throw new ArgumentException($"expected {gram.RowCount} tasks, one per row; got {rows.Length}", nameof(rows));
        if (GradientStatistics.Of(gram) is not { } statistics)
        {
            _notFinite++;
            return;
        }

        _batches++;
        for (int i = 0; i < rows.Length; i++)
        {
            _norms[rows[i]].Add(statistics.Norms[i]);
            for (int j = 0; j < rows.Length; j++) _cosines[rows[i] * tasks + rows[j]].Add(statistics.Cosines[i, j]);
        }

        _meanCosine.Add(statistics.MeanCosine);
        _conflictShare.Add(statistics.ConflictShare);
        _magnitudeSimilarity.Add(statistics.MagnitudeSimilarity);
        _logCondition.Add(Math.Log(statistics.ConditionNumber));
        _minimumNorm.Add(statistics.MinimumNorm);
        _stationarity.Add(statistics.Stationarity);
    }

    /// <summary>Adds an estimate of the inner products of a batch. The statistics are then those of the mean products, as single
    /// estimates have too few directions for any; not to be mixed with <see cref="Add"/>.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    public void AddEstimate(Matrix<double> gram, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (rows.Length != gram.RowCount) throw new ArgumentException($"expected {gram.RowCount} tasks, one per row; got {rows.Length}", nameof(rows));
        if (gram.Exists(entry => !double.IsFinite(entry)))
        {
            _notFinite++;
            return;
        }

        _batches++;
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows.Length; j++) _products[rows[i] * tasks + rows[j]].Add(gram[i, j]);
    }

    /// <summary>Adds the weights of a batch.</summary>
    /// <param name="weights">[K]; NaN for tasks that took no part; empty: the strategy has none.</param>
    public void AddWeights(ReadOnlySpan<double> weights)
    {
        for (int task = 0; task < weights.Length; task++) _weights[task].Add(weights[task]);
    }

    /// <summary>The means so far.</summary>
    public GradientReport Report()
    {
        if (!Array.Exists(_products, mean => mean.Any)) return MeanReport();
        int[] seen = [.. Enumerable.Range(0, tasks).Where(task => _products[task * (tasks + 1)].Any)];
        // Pairs that never had a label in one batch count as at right angles.
        var mean = Matrix<double>.Build.Dense(
            seen.Length, seen.Length, (i, j) => _products[seen[i] * tasks + seen[j]] is { Any: true } product ? product.Value : 0);
        var ofMean = new GradientDiagnostics(tasks);
        ofMean.Add(mean, seen);
        GradientReport report = ofMean.MeanReport() with { Batches = _batches, NotFinite = _notFinite, Weights = [.. _weights.Select(weight => weight.Value)] };
        for (int i = 0; i < _products.Length; i++)
            if (!_products[i].Any) report.Cosines[i / tasks][i % tasks] = double.NaN;
        return report;
    }

    private GradientReport MeanReport() => new()
    {
        Batches = _batches,
        NotFinite = _notFinite,
        MeanCosine = _meanCosine.Value,
        ConflictShare = _conflictShare.Value,
        MagnitudeSimilarity = _magnitudeSimilarity.Value,
        ConditionNumber = Math.Exp(_logCondition.Value),
        MinimumNorm = _minimumNorm.Value,
        Stationarity = _stationarity.Value,
        Norms = [.. _norms.Select(mean => mean.Value)],
        Weights = [.. _weights.Select(mean => mean.Value)],
        Cosines = [.. _cosines.Select(mean => mean.Value).Chunk(tasks)],
    };

    /// <summary>A mean of the numbers that are finite; NaN without any.</summary>
    private struct RunningMean
    {
        private double _sum;
        private long _count;

        public readonly double Value => _sum / _count;

        public readonly bool Any => _count > 0;

        public void Add(double value)
        {
            if (!double.IsFinite(value)) return;
            _sum += value;
            _count++;
        }
    }
}
