using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Moving averages of the gradients of log l_i, a &lt;- beta a + (1 - beta) g_i / l_i from a = 0 on, each scaled to the length of
/// the longest, summed. Without losses the rows are taken for the gradients of log l_i.</summary>
/// <param name="beta">What stays of the average in a batch, in [0, 1).</param>
internal sealed class DbMtl(double beta) : IMatrixAggregator, IKeptGradientRule
{
    // A loss may be zero on a tiny batch.
    private const double SmallestLoss = 1e-8;

    private Vector<double>?[] _averages = []; // [K]

    public int Matrices => 2;

    public GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        double[] keep = new double[n], take = new double[n], products = new double[n * n];
        Array.Fill(keep, beta);
        for (int row = 0; row < n; row++) take[row] = (1 - beta) / Math.Max(inputs.Losses[row], SmallestLoss);
        network.AverageGradients(inputs.Tasks, keep, take, products);
        double longest = 0;
        for (int row = 0; row < n; row++) longest = Math.Max(longest, products[(row * n) + row]);
        for (int row = 0; row < n; row++)
        {
            double square = products[(row * n) + row];
            weights[row] = square > 0 ? Math.Sqrt(longest / square) : 0;
        }

        return new GradientCombination(CombinationKind.Averages);
    }

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        if (_averages.Length == 0) _averages = new Vector<double>?[inputs.TaskCount];
        double longest = 0;
        for (int row = 0; row < jacobian.RowCount; row++)
        {
            double loss = inputs.Losses.IsEmpty ? 1 : Math.Max(inputs.Losses[row], SmallestLoss);
            Vector<double> gradient = jacobian.Row(row) * ((1 - beta) / loss);
            ref Vector<double>? average = ref _averages[inputs.Tasks[row]];
            average = average is null ? gradient : (average * beta) + gradient;
            longest = Math.Max(longest, average.L2Norm());
        }

        Vector<double> direction = Vector<double>.Build.Dense(jacobian.ColumnCount);
        foreach (int task in inputs.Tasks)
        {
            double norm = _averages[task]!.L2Norm();
            if (norm > 0) direction += _averages[task]! * (longest / norm);
        }

        return direction;
    }
}
