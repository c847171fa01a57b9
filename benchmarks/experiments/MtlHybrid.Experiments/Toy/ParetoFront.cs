namespace MtlHybrid.Experiments.Toy;

/// <summary>
/// The Pareto front of <see cref="ToyProblem"/>. A weighted sum a f1 + (1 - a) f2 (of the losses before scaling) is stationary in the
/// bowls at x1 = 7 (2a - 1) and one x2 near -8, found by Newton's method; a from 0 to 1 gives the front. Multiplying a loss by
/// a constant does not move it.
/// </summary>
internal sealed class ParetoFront
{
    private const int Pieces = 1400;

    private readonly (double X1, double X2)[] _points = new (double, double)[Pieces + 1];

    public ParetoFront()
    {
        for (int piece = 0; piece <= Pieces; piece++)
        {
            double share = (double)piece / Pieces;
            _points[piece] = (7 * (2 * share - 1), Lowest(share));
        }
    }

    /// <summary>The front as points, from the second task's best to the first task's best.</summary>
    public IReadOnlyList<(double X1, double X2)> Points => _points;

    /// <summary>Distance in the plane of x from the nearest point of the front.</summary>
    public double Distance(double x1, double x2)
    {
        double least = double.PositiveInfinity;
        foreach ((double p1, double p2) in _points) least = Math.Min(least, (x1 - p1) * (x1 - p1) + (x2 - p2) * (x2 - p2));
        return Math.Sqrt(least);
    }

    /// <summary>x2 where a f1 + (1 - a) f2 is stationary, with x1 = 7 (2a - 1).</summary>
    private static double Lowest(double share)
    {
        // On that line a q1 + (1 - a) q2 = 19.6 a (1 - a) + (x2 + 8)^2 / 100 - 20: the bowls weighted.
        double constant = 19.6 * share * (1 - share) - 20, x2 = -8;
        for (int round = 0; round < 50; round++)
        {
            double weight = Math.Tanh(-0.5 * x2), weightSlope = -0.5 * (1 - weight * weight), weightCurve = weight * weightSlope;
            double bowl = constant + (x2 + 8) * (x2 + 8) / 100, bowlSlope = (x2 + 8) / 50;
            double slope = weightSlope * bowl + weight * bowlSlope;
            double curve = weightCurve * bowl + 2 * weightSlope * bowlSlope + weight / 50;
            double step = slope / curve;
            x2 -= step;
            if (Math.Abs(step) < 1e-12) return x2;
        }

        throw new InvalidOperationException($"Newton's method did not settle on the front at a = {share}");
    }
}
