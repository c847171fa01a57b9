using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>Element by element the mean of the task gradients without the largest and the smallest ones.</summary>
/// <param name="trim">How many are left out at each end, at least 0; fewer where there are not enough: at least one stays of an odd
/// number, two of an even one.</param>
internal sealed class TrimmedMean(int trim) : IMatrixAggregator, IKeptGradientRule
{
    public int Matrices => 1;

    public GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights) =>
        new(CombinationKind.TrimmedMean, trim);

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        int n = jacobian.RowCount;
        int left = Math.Min(trim, (n - 1) / 2);
        double[] column = new double[n];
        Vector<double> direction = Vector<double>.Build.Dense(jacobian.ColumnCount);
        for (int element = 0; element < jacobian.ColumnCount; element++)
        {
            for (int task = 0; task < n; task++) column[task] = jacobian.At(task, element);
            Array.Sort(column);
            double sum = 0;
            for (int k = left; k < n - left; k++) sum += column[k];
            direction[element] = sum / (n - (2 * left));
        }

        return direction;
    }
}
