using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>DualProj (as in Lopez-Paz, Ranzato 2017): the mean gradient, projected on the dual cone of the task gradients.</summary>
internal sealed class DualProj(double regularization) : IGramAggregator
{
    private readonly DualCone _cone = new(regularization);
    private readonly TaskMemory _last = new();

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int size = gram.RowCount;
        weights.Fill(1.0 / size);
        if (!_cone.Load(gram)) return null;
        double[] added = new double[size];
        _last.Read(inputs, added);
        bool solved = _cone.Project(weights, added);
        _last.Write(inputs, added);
        for (int i = 0; i < size; i++) weights[i] += added[i];
        return solved ? null : $"DualProj's active set still changed after {_cone.MaxChanges} steps: the update may oppose a gradient";
    }
}
