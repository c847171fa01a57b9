using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Affinity;

/// <summary>
/// Affinity from the inner products of the task gradients of the shared parameters, averaged over batches. Symmetric. Unlike the
/// affinity that selective updates measure it knows neither heads nor the optimizer, and needs no step.
/// </summary>
public sealed class GradientAffinity : IAffinityEstimator
{
    private readonly GradientSimilarity _similarity;
    private readonly AffinityAverage _average;

    /// <summary>An estimate without observations.</summary>
    /// <param name="tasks">Number of tasks, K, at least 1.</param>
    /// <param name="similarity">What is averaged.</param>
    /// <param name="decay">Weight of a new observation, in [0, 1]. As long as there are fewer than 1/decay observations, and
    /// always with 0, the average is the plain mean.</param>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public GradientAffinity(int tasks, GradientSimilarity similarity = GradientSimilarity.Cosine, double decay = 0.01)
    {
        InvalidOptionException.Require(Enum.IsDefined(similarity), "Similarity", "cosine or inner product", similarity);
        _similarity = similarity;
        _average = new AffinityAverage(tasks, decay);
    }

    /// <inheritdoc/>
    public int Tasks => _average.Tasks;

    /// <summary>Counts the gradients of one batch.</summary>
    /// <param name="tasks">The n tasks with a label in the batch, distinct.</param>
    /// <param name="gram">[n, n]; inner products of their gradients, in the order of <paramref name="tasks"/>. A pair whose entry
    /// is not finite, or has no angle since a gradient is zero, is not observed.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, a task out of range or named twice.</exception>
    public void Observe(ReadOnlySpan<int> tasks, Matrix<double> gram)
    {
        ArgumentNullException.ThrowIfNull(gram);
        if (gram.RowCount != tasks.Length || gram.ColumnCount != tasks.Length)
            throw new ArgumentException($"expected {tasks.Length} x {tasks.Length} inner products, got {gram.RowCount} x {gram.ColumnCount}", nameof(gram));
        bool[] seen = new bool[Tasks];
        foreach (int task in tasks)
        {
            if (task < 0 || task >= Tasks) throw new ArgumentException($"task {task} is outside 0 ... {Tasks - 1}", nameof(tasks));
            if (seen[task]) throw new ArgumentException($"task {task} is named twice", nameof(tasks));
            seen[task] = true;
        }

        for (int i = 0; i < tasks.Length; i++)
            for (int j = 0; j < tasks.Length; j++)
                _average.Observe(tasks[i], tasks[j], _similarity == GradientSimilarity.Cosine ? Cosine(gram, i, j) : gram[i, j]);
    }

    /// <inheritdoc/>
    public AffinityMatrix ToMatrix(IReadOnlyList<string>? taskNames = null) => _average.ToMatrix(taskNames);

    private static double Cosine(Matrix<double> gram, int i, int j)
    {
        double larger = Math.Sqrt(Math.Max(gram[i, i], gram[j, j])), smaller = Math.Sqrt(Math.Min(gram[i, i], gram[j, j]));
        // One after the other: the product of the norms leaves the range of numbers sooner. In one order: symmetric to the bit.
        return smaller > 0 && double.IsFinite(larger) ? Math.Clamp(gram[i, j] / larger / smaller, -1, 1) : double.NaN;
    }
}
