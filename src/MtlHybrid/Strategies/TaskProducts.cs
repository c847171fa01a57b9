using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies;

/// <summary>Inner products of the gradients of all tasks that have a label in the batch. Needs
/// <see cref="Network.ConfigureGradients"/>.</summary>
/// <param name="tasks">Number of all tasks, K.</param>
internal sealed class TaskProducts(int tasks)
{
    private readonly int[] _all = [.. Enumerable.Range(0, tasks)];
    private readonly double[] _products = new double[tasks * tasks];
    private readonly double[] _losses = new double[tasks];

    /// <summary>Those of the current batch, exact.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="labelled">The n tasks with a label, ascending.</param>
    /// <returns>[n, n], in the order of <paramref name="labelled"/>; not finite where a gradient is not; null when n is 0.</returns>
    public Matrix<double>? Measure(Network network, out int[] labelled)
    {
        network.TaskGradients(_all, new GradientRequest(), _products);
        network.ReadLosses(_losses);
        // Without a label in the batch a task has no loss; where a loss is not finite for another reason, neither are its products.
        int[] rows = [.. _all.Where(task => !(double.IsNaN(_losses[task]) && _products[task * (tasks + 1)] == 0))];
        labelled = rows;
        return rows.Length == 0
            ? null
            : Matrix<double>.Build.Dense(rows.Length, rows.Length, (i, j) => _products[(rows[i] * tasks) + rows[j]]);
    }
}
