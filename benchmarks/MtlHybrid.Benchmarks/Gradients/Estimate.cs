using MtlHybrid.Engine;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>One way to estimate the inner products of task gradients.</summary>
/// <param name="Name">What it is called.</param>
internal sealed record Estimate(string Name)
{
    /// <summary>Of the rows of the batch, in (0, 1].</summary>
    public double Share { get; init; } = 1;

    /// <summary>Which gradients.</summary>
    public GradientScope Scope { get; init; } = GradientScope.Shared;

    /// <summary>Of a sketch; 0: none.</summary>
    public int Directions { get; init; }

    /// <summary>Makes it.</summary>
    /// <param name="network">A batch has been begun.</param>
    /// <param name="tasks">All.</param>
    /// <param name="size">Rows of the batch.</param>
    /// <param name="batch">Its number.</param>
    /// <param name="products">[tasks, tasks], written.</param>
    public void Make(Network network, int[] tasks, int size, int batch, double[] products)
    {
        if (Directions == 0)
        {
            int rows = Share == 1 ? 0 : (int)Math.Ceiling(Share * size);
            network.TaskGradients(tasks, new GradientRequest { Scope = Scope, Rows = rows }, products);
            return;
        }

        double[] along = new double[tasks.Length * Directions];
        network.ProjectGradients(tasks, Directions, (ulong)batch, along);
        double[][] projections = [.. along.Chunk(Directions)];
        for (int i = 0; i < tasks.Length; ++i)
            for (int j = 0; j < tasks.Length; ++j)
                products[(i * tasks.Length) + j] = projections[i].Zip(projections[j], (x, y) => x * y).Average();
    }
}
