using MathNet.Numerics.LinearAlgebra;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Weights grow with the estimated excess risk E_i = sum_p g_ip^2 / sqrt(S_ip + 1e-7), S_ip the sum of all g_ip^2 so far,
/// divided by the task's first one: w_i &lt;- w_i exp(eta E_i), renormalised to a sum of n. In its first batch a task's weight stays.</summary>
/// <param name="eta">At least 0.</param>
internal sealed class ExcessMtl(double eta) : IWeightedMatrixAggregator
{
    private const double Smoothing = 1e-7;

    private double[]?[] _squares = []; // [K][P], S
    private double[] _first = []; // [K], E of the task's first batch with a gradient; 0 before it
    private double[] _logarithms = []; // [K], log w; the exponentials alone would overflow over a long run
    private double[] _weights = [];

    public IReadOnlyList<double> Weights => _weights;

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        if (_squares.Length == 0)
        {
            _squares = new double[]?[inputs.TaskCount];
            _first = new double[inputs.TaskCount];
            _logarithms = new double[inputs.TaskCount];
        }

        for (int row = 0; row < jacobian.RowCount; row++)
        {
            int task = inputs.Tasks[row];
            double risk = Accumulate(_squares[task] ??= new double[jacobian.ColumnCount], jacobian, row);
            if (_first[task] > 0) _logarithms[task] += eta * risk / _first[task];
            else _first[task] = risk;
        }

        _weights = Normalize(inputs.Tasks);
        Vector<double> direction = Vector<double>.Build.Dense(jacobian.ColumnCount);
        for (int row = 0; row < jacobian.RowCount; row++) direction += jacobian.Row(row) * _weights[row];
        return direction;
    }

    private static double Accumulate(double[] squares, Matrix<double> jacobian, int row)
    {
        double risk = 0;
        for (int element = 0; element < squares.Length; element++)
        {
            double square = jacobian.At(row, element) * jacobian.At(row, element);
            squares[element] += square;
            risk += square / Math.Sqrt(squares[element] + Smoothing);
        }

        return risk;
    }

    private double[] Normalize(ReadOnlySpan<int> tasks)
    {
        double[] weights = new double[tasks.Length];
        double largest = double.NegativeInfinity;
        foreach (int task in tasks) largest = Math.Max(largest, _logarithms[task]);
        double sum = 0;
        for (int row = 0; row < weights.Length; row++) sum += weights[row] = Math.Exp(_logarithms[tasks[row]] - largest);
        for (int row = 0; row < weights.Length; row++) weights[row] *= weights.Length / sum;
        return weights;
    }
}
