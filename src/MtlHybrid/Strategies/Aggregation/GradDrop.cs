using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Engine;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>A vote on the sign of every element: P = (1 + sum g / sum |g|) / 2, u uniform; positive parts stay where P &gt; u, negative
/// ones where P &lt; u. d is the sum of what stays, and of the share <paramref name="leak"/> of what does not.</summary>
/// <param name="leak">In [0, 1]; 1: the plain sum.</param>
internal sealed class GradDrop(double leak) : IMatrixAggregator, IKeptGradientRule
{
    /// <summary>Third word of the counter, "drop" in ASCII: tells these numbers from others of the same seed.</summary>
    public const uint Stream = 0x64726F70;

    public int Matrices => 1;

    public GradientCombination Combine(Network network, in AggregationInputs inputs, Span<double> weights) =>
        new(CombinationKind.SignVote, Leak: leak, Seed: inputs.Seed, Batch: inputs.Batch);

    public Vector<double> Combine(Matrix<double> jacobian, in AggregationInputs inputs)
    {
        Vector<double> direction = Vector<double>.Build.Dense(jacobian.ColumnCount);
        for (int element = 0; element < jacobian.ColumnCount; element++)
        {
            double positive = 0;
            double negative = 0;
            for (int task = 0; task < jacobian.RowCount; task++)
            {
                double value = jacobian.At(task, element);
                if (value > 0) positive += value;
                else negative += value;
            }

            double size = positive - negative;
            if (size == 0) continue;
            double vote = (1 + ((positive + negative) / size)) / 2;
            double uniform = Uniform(element, inputs);
            direction[element] = ((vote > uniform ? 1 : leak) * positive) + ((vote < uniform ? 1 : leak) * negative);
        }

        return direction;
    }

    /// <summary>The number of one element in one batch, in [0, 1).</summary>
    public static double Uniform(long element, in AggregationInputs inputs) => unchecked(
        Philox4x32.Words((uint)element, (uint)(element >> 32), Stream, (uint)inputs.Batch, inputs.Seed).Word0 * (1.0 / (1UL << 32)));
}
