namespace MtlHybrid.Strategies.Weighting;

/// <summary>Adam (Kingma, Ba 2015; beta 0.9 and 0.999, epsilon 1e-8) on one number per task. A task that is not stepped keeps its
/// moments and its step count.</summary>
internal sealed class TaskAdam(int tasks)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    // Its square is finite.
    private const double LargestGradient = 1e150;

    private readonly double[] _values = new double[tasks];
    private readonly double[] _mean = new double[tasks];
    private readonly double[] _square = new double[tasks];
    private readonly long[] _steps = new long[tasks];

    /// <summary>The numbers; 0 at first.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One step on one task's number, which then is put back into [least, most].</summary>
    public void Step(int task, double gradient, double learningRate, double least, double most)
    {
        gradient = Math.Clamp(gradient, -LargestGradient, LargestGradient);
        long steps = ++_steps[task];
        double mean = _mean[task] = Beta1 * _mean[task] + (1 - Beta1) * gradient;
        double square = _square[task] = Beta2 * _square[task] + (1 - Beta2) * gradient * gradient;
        double change = mean / (1 - Math.Pow(Beta1, steps)) / (Math.Sqrt(square / (1 - Math.Pow(Beta2, steps))) + Epsilon);
        _values[task] = Math.Clamp(_values[task] - learningRate * change, least, most);
    }
}
