namespace MtlHybrid.Experiments.Toy;

/// <summary>What must be true of the problem before anything is run on it: gradients that are the losses' slopes, and a front that
/// nothing on a grid over the whole plane beats.</summary>
internal static class ToyCheck
{
    private const double Step = 1e-6, LargestError = 1e-6;

    // Next to a wall or to x2 = 0 a central difference straddles the kink.
    private const double Margin = 1e-2;

    /// <summary>The largest relative error of the gradients against central differences, at points spread over the plane.</summary>
    /// <exception cref="InvalidOperationException">It is above 1e-6, or not a number.</exception>
    public static double Gradients(ToyProblem problem)
    {
        double worst = 0;
        double[] losses = new double[2], gradients = new double[4], above = new double[2], below = new double[2];
        for (double x1 = -10.37; x1 < 11; x1 += 0.71)
        {
            for (double x2 = -10.61; x2 < 11; x2 += 0.83)
            {
                if (IsNextToAKink(x1, x2)) continue;
                problem.Evaluate(x1, x2, losses, gradients);
                for (int coordinate = 0; coordinate < 2; coordinate++)
                {
                    (double d1, double d2) = coordinate == 0 ? (Step, 0.0) : (0.0, Step);
                    problem.Measure(x1 + d1, x2 + d2, above);
                    problem.Measure(x1 - d1, x2 - d2, below);
                    for (int loss = 0; loss < 2; loss++)
                    {
                        double difference = (above[loss] - below[loss]) / (2 * Step), gradient = gradients[2 * loss + coordinate];
                        double error = Math.Abs(difference - gradient) / Math.Max(1, Math.Abs(gradient));
                        if (!(error <= LargestError))
                            throw new InvalidOperationException(
                                $"gradient {coordinate + 1} of loss {loss + 1} at ({x1}, {x2}) is {gradient}, central differences give {difference}");
                        worst = Math.Max(worst, error);
                    }
                }
            }
        }

        return worst;
    }

    /// <summary>Compares weighted sums on the front with those on a grid over the plane.</summary>
    /// <exception cref="InvalidOperationException">A grid point has a smaller weighted sum than the front's point for the same
    /// weights, or the grid's best point lies elsewhere.</exception>
    public static void Front(ParetoFront front)
    {
        const double Spacing = 0.05, Edge = 11;
        var problem = new ToyProblem(1);
        double[] losses = new double[2];
        for (int piece = 0; piece < front.Points.Count; piece += 100)
        {
            double share = (double)piece / (front.Points.Count - 1);
            double best = double.PositiveInfinity, best1 = 0, best2 = 0;
            for (double x1 = -Edge; x1 <= Edge; x1 += Spacing)
            {
                for (double x2 = -Edge; x2 <= Edge; x2 += Spacing)
                {
                    problem.Measure(x1, x2, losses);
                    double sum = share * losses[0] + (1 - share) * losses[1];
                    if (sum < best) (best, best1, best2) = (sum, x1, x2);
                }
            }

            (double f1, double f2) = front.Points[piece];
            problem.Measure(f1, f2, losses);
            double here = share * losses[0] + (1 - share) * losses[1];
            bool isLowest = here <= best + 1e-12, isNear = Math.Abs(best1 - f1) <= Spacing && Math.Abs(best2 - f2) <= Spacing;
            if (!isLowest || !isNear)
                throw new InvalidOperationException(
                    $"the front at a = {share} is ({f1}, {f2}) with {here}, but the grid has {best} at ({best1}, {best2})");
        }
    }

    private static bool IsNextToAKink(double x1, double x2)
    {
        double tanh = Math.Tanh(x2);
        return Math.Abs(x2) < Margin || (x2 > 0 && (Math.Abs(0.5 * (-x1 - 7) + tanh) < Margin || Math.Abs(0.5 * (-x1 + 3) - tanh + 2) < Margin));
    }
}
