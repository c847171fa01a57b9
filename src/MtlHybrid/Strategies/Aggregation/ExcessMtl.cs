using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Weights grow with the estimated excess risk E_i = sum_p g_ip^2 / sqrt(S_ip + 1e-7), S_ip the sum of all g_ip^2 so far,
/// divided by the task's first one: w_i &lt;- w_i exp(eta E_i), renormalised to a sum of n. In its first batch a task's weight stays.</summary>
/// <param name="eta">At least 0.</param>
internal sealed class ExcessMtl(double eta) : IWeightedMatrixAggregator, IKeptGradientRule
{
    private const double Smoothing = 1e-7;

    private double[]?[] _squares = []; // [K][P], S
    private double[] _first = []; // [K], E of the task's first batch with a gradient; 0 before it
    private double[] _logarithms = []; // [K], log w; the exponentials alone would overflow over a long run
    private double[] _weights = [];

    public IReadOnlyList<double> Weights => _weights;

    public int Matrices => 2;

    public GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights)
    {
        double[] risks = new double[weights.Length];
        network.AccumulateSquares(inputs.Tasks, risks);
        Weigh(risks, inputs, weights);
        return new GradientCombination(CombinationKind.Gradients);
    }

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        if (_squares.Length == 0) _squares = new double[]?[inputs.TaskCount];
        double[] risks = new double[jacobian.RowCount];
        for (int row = 0; row < risks.Length; row++)
            risks[row] = Accumulate(_squares[inputs.Tasks[row]] ??= new double[jacobian.ColumnCount], jacobian, row);
        _weights = new double[risks.Length];
        Weigh(risks, inputs, _weights);
        return jacobian.LeftMultiply(Vector<double>.Build.Dense(_weights));
    }

    /// <summary>The weights of one batch, from the excess risks before the division by each task's first.</summary>
    private void Weigh(ReadOnlySpan<double> risks, in AggregationInputs inputs, Span<double> weights)
    {
        if (_first.Length == 0)
        {
            _first = new double[inputs.TaskCount];
            _logarithms = new double[inputs.TaskCount];
        }

        for (int row = 0; row < risks.Length; row++)
        {
            int task = inputs.Tasks[row];
            if (_first[task] > 0) _logarithms[task] += eta * risks[row] / _first[task];
            else _first[task] = risks[row];
        }

        Normalize(inputs.Tasks, weights);
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

    private void Normalize(ReadOnlySpan<int> tasks, Span<double> weights)
    {
        double[] logarithms = new double[tasks.Length];
        for (int row = 0; row < logarithms.Length; row++) logarithms[row] = _logarithms[tasks[row]];
        Softmax.Over(logarithms, temperature: 1, weights);
        foreach (ref double weight in weights) weight *= weights.Length;
    }
}
