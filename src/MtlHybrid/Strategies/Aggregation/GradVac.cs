using MathNet.Numerics.LinearAlgebra;
using MtlHybrid.Strategies.Solvers;

namespace MtlHybrid.Strategies.Aggregation;

/// <summary>As <see cref="PCGrad"/>, but a gradient is turned towards another one until their cosine is the moving average of the
/// cosines seen before, not 0. The averages start at 0.</summary>
/// <param name="beta">Share of a new cosine in the average, in [0, 1].</param>
internal sealed class GradVac(double beta) : IGramAggregator
{
    // To reach a cosine of 1 would take an infinite multiple of the other gradient.
    private const double LargestTarget = 1 - 1e-4;

    // Squared length below which what is left of a gradient is rounding, as a share of what it began with.
    private const double Vanished = 1e-20;

    private double[] _targets = []; // [K, K]

    public string? Weigh(Matrix<double> gram, in AggregationInputs inputs, Span<double> weights)
    {
        int n = weights.Length;
        if (_targets.Length == 0) _targets = new double[inputs.TaskCount * inputs.TaskCount];
        double[] products = gram.ToColumnMajorArray();
        var opponents = new RandomOpponents(gram, inputs);
        double[] coefficients = new double[n];
        weights.Clear();
        for (int i = 0; i < n; i++)
        {
            Array.Clear(coefficients);
            coefficients[i] = 1;
            double square = products[(i * n) + i];
            double vanished = Vanished * square;
            foreach (int j in opponents.Of(i))
            {
                ReadOnlySpan<double> column = products.AsSpan(j * n, n);
                if (!(square > vanished && opponents.HasDirection(square) && opponents.HasDirection(column[j]))) continue;
                ref double target = ref _targets[(inputs.Tasks[i] * inputs.TaskCount) + inputs.Tasks[j]];
                double product = SpanAlgebra.Dot(coefficients, column);
                double cosine = Math.Clamp(product / Math.Sqrt(square) / Math.Sqrt(column[j]), -1, 1);
                if (cosine < target)
                {
                    double factor = Turn(cosine, target) * Math.Sqrt(square) / Math.Sqrt(column[j]);
                    coefficients[j] += factor;
                    square += factor * ((2 * product) + (factor * column[j]));
                }

                target = Math.Min(((1 - beta) * target) + (beta * cosine), LargestTarget);
            }

            SpanAlgebra.AddScaled(weights, 1, coefficients);
        }

        return null;
    }

    // How much of the other unit gradient takes a unit gradient from one cosine to another.
    private static double Turn(double cosine, double target)
    {
        double sine = Math.Sqrt(1 - (cosine * cosine));
        double targetSine = Math.Sqrt(1 - (target * target));
        return ((target * sine) - (cosine * targetSine)) / targetSine;
    }
}
