using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>UPGrad (Quinton, Rey 2024): every gradient projected on the dual cone of all of them, then the mean.</summary>
internal sealed class UPGrad(double regularization) : IGramAggregator
{
    private readonly DualCone _cone = new(regularization);
    private TaskMemory[] _last = [];

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int size = gram.RowCount;
        weights.Fill(1.0 / size);
        if (!_cone.Load(gram)) return null;
        if (_last.Length == 0) _last = [.. Enumerable.Range(0, inputs.TaskCount).Select(_ => new TaskMemory())];
        double[] one = new double[size];
        double[] added = new double[size];
        bool solved = true;
        for (int i = 0; i < size; i++)
        {
            TaskMemory last = _last[inputs.Tasks[i]];
            last.Read(inputs, added);
            one[i] = 1.0 / size;
            solved &= _cone.Project(one, added);
            one[i] = 0;
            last.Write(inputs, added);
            for (int j = 0; j < size; j++) weights[j] += added[j];
        }

        return solved ? null : $"UPGrad's active set still changed after {_cone.MaxChanges} steps: the update may oppose a gradient";
    }
}
