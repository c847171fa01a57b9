namespace MtlHybrid.Tests.Strategies.Weighting;

/// <summary>Adam on a vector, written as in the paper's algorithm 1.</summary>
internal sealed class ReferenceAdam(double[] theta, double rate)
{
    private readonly double[] _m = new double[theta.Length];
    private readonly double[] _v = new double[theta.Length];
    private int _t;

    public double[] Theta => theta;

    public void Step(double[] gradient)
    {
        _t++;
        for (int i = 0; i < theta.Length; i++)
        {
            _m[i] = 0.9 * _m[i] + 0.1 * gradient[i];
            _v[i] = 0.999 * _v[i] + 0.001 * gradient[i] * gradient[i];
            double mHat = _m[i] / (1 - Math.Pow(0.9, _t));
            double vHat = _v[i] / (1 - Math.Pow(0.999, _t));
            theta[i] -= rate * mHat / (Math.Sqrt(vHat) + 1e-8);
        }
    }
}
