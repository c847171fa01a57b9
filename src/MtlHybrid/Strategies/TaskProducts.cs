using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Inner products of the gradients of all tasks that have a label in the batch. Needs
/// <see cref="Network.ConfigureGradients"/>.</summary>
/// <param name="tasks">Number of all tasks, K.</param>
/// <param name="directions">0: exact, by one forward and one backward for all tasks at once, about (2 + 4K) / 6 joint steps. R above 0:
/// a sketch of rank R at most, from projections on R random directions; about (2 + 4R) / 6 joint steps. Unbiased, with a standard
/// error of sqrt((1 + c^2) / R) |g_i| |g_j| at the cosine c: of use in averages over many batches only.</param>
/// <param name="seed">The directions are drawn from it and the number of the batch.</param>
internal sealed class TaskProducts(int tasks, int directions = 0, ulong seed = 0)
{
    private const ulong DirectionStream = 0x736B_6574_6368_0000;

    private readonly int[] _all = [.. Enumerable.Range(0, tasks)];
    private readonly double[] _products = new double[tasks * (directions > 0 ? directions : tasks)];
    private readonly double[] _losses = new double[tasks];

    /// <summary>K.</summary>
    public int Tasks => tasks;

    /// <summary>Whether the products are estimates, to be averaged before anything else is made of them.</summary>
    public bool Estimated => directions > 0;

    /// <summary>Those of the current batch.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="batch">Its number.</param>
    /// <param name="labelled">The n tasks with a label, ascending.</param>
    /// <returns>[n, n], in the order of <paramref name="labelled"/>; not finite where a gradient is not; null when n is 0.</returns>
    public Matrix<double>? Measure(Network network, long batch, out int[] labelled)
    {
        if (Estimated) network.ProjectGradients(_all, directions, new SeededGenerator(seed ^ DirectionStream, batch).NextBits(), _products);
        else network.TaskGradients(_all, new GradientRequest(), _products);
        network.ReadLosses(_losses);
        // Without a label in the batch a task has no loss; where a loss is not finite for another reason, neither are its products.
        int width = _products.Length / tasks;
        int[] rows = [.. _all.Where(task => !(double.IsNaN(_losses[task]) && _products[(task * width) + (Estimated ? 0 : task)] == 0))];
        labelled = rows;
        if (rows.Length == 0) return null;
        return Estimated
            ? Matrix<double>.Build.Dense(rows.Length, rows.Length, (i, j) => MeanProduct(rows[i], rows[j]))
            : Matrix<double>.Build.Dense(rows.Length, rows.Length, (i, j) => _products[(rows[i] * tasks) + rows[j]]);
    }

    private double MeanProduct(int i, int j)
    {
        double sum = 0;
        for (int r = 0; r < directions; r++) sum += _products[(i * directions) + r] * _products[(j * directions) + r];
        return sum / directions;
    }
}
