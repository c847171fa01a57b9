namespace MtlHybrid.Experiments.Toy;

/// <summary>Adam (Kingma, Ba 2015) on two parameters, as in the papers: rate 1e-3, beta 0.9 and 0.999, epsilon 1e-8.</summary>
internal sealed class ToyAdam
{
    public const double LearningRate = 1e-3;

    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly double[] _mean = new double[2], _square = new double[2];
    private double _power1 = 1, _power2 = 1;

    /// <summary>One step.</summary>
    /// <param name="x">[2], changed.</param>
    /// <param name="gradient">[2].</param>
    public void Step(Span<double> x, ReadOnlySpan<double> gradient)
    {
        _power1 *= Beta1;
        _power2 *= Beta2;
        for (int i = 0; i < 2; i++)
        {
            _mean[i] = Beta1 * _mean[i] + (1 - Beta1) * gradient[i];
            _square[i] = Beta2 * _square[i] + (1 - Beta2) * gradient[i] * gradient[i];
            x[i] -= LearningRate * (_mean[i] / (1 - _power1)) / (Math.Sqrt(_square[i] / (1 - _power2)) + Epsilon);
        }
    }
}
