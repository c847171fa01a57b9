namespace MtlHybrid.Tests.Reference;

public enum ReferenceRule
{
    Sgd,
    Adam,
}

/// <summary>Optimizer state of one array of parameters, in double precision and without any tricks.</summary>
internal sealed class ReferenceOptimizer(ReferenceRule rule, double momentum, double decay, int size)
{
    private readonly double[] _first = new double[size];
    private readonly double[] _second = new double[size];
    private int _steps;

    public void Step(double[] parameters, double[] gradient, double rate)
    {
        _steps++;
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = gradient[i] + decay * parameters[i];
            if (rule == ReferenceRule.Sgd)
            {
                _first[i] = _steps == 1 ? g : momentum * _first[i] + g;
                parameters[i] -= rate * _first[i];
            }
            else
            {
                _first[i] = 0.9 * _first[i] + 0.1 * g;
                _second[i] = 0.999 * _second[i] + 0.001 * g * g;
                double m = _first[i] / (1 - Math.Pow(0.9, _steps));
                double v = _second[i] / (1 - Math.Pow(0.999, _steps));
                parameters[i] -= rate * m / (Math.Sqrt(v) + 1e-8);
            }
        }
    }
}
