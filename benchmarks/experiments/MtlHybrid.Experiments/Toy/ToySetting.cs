namespace MtlHybrid.Experiments.Toy;

/// <summary>One experiment: a scale of the first loss.</summary>
/// <param name="Name">For file names.</param>
/// <param name="Title">For people.</param>
/// <param name="FirstScale">What the first loss is multiplied by.</param>
/// <param name="Steps">Of Adam.</param>
internal sealed record ToySetting(string Name, string Title, double FirstScale, int Steps)
{
    /// <summary>Steps between two points that are kept.</summary>
    public const int Interval = 50;

    private const ulong Seed = 1;

    // How far starts are moved, in either coordinate and direction.
    private const double Move = 0.05;

    /// <summary>The five starts of Navon et al. 2022.</summary>
    public static IReadOnlyList<(double X1, double X2)> Starts { get; } = [(-8.5, 7.5), (0, 0), (9, 9), (-7.5, -0.5), (9, -1)];

    /// <summary>How many moved starts stand beside each of them.</summary>
    public static int MovedStarts => Moves.Length;

    private static (double X1, double X2)[] Moves { get; } = [(Move, 0), (-Move, 0), (0, Move), (0, -Move)];

    /// <summary>Runs every method from every start; the result does not depend on how many run at a time.</summary>
    public IReadOnlyList<ToyTrajectory> Run(ParetoFront front)
    {
        (ToyMethod Method, int Start)[] runs =
            [.. from method in ToyMethod.All from start in Enumerable.Range(0, Starts.Count) select (method, start)];
        return [.. runs.AsParallel().AsOrdered().Select(run => Follow(run.Method, run.Start, front))];
    }

    private ToyTrajectory Follow(ToyMethod method, int start, ParetoFront front)
    {
        (double x1, double x2) = Starts[start];
        List<(double X1, double X2)> points = Descend(method, x1, x2);
        bool IsAtFront((double X1, double X2) point) => front.Distance(point.X1, point.X2) <= ToyTrajectory.AtFront;
        int moved = Moves.Count(move => IsAtFront(Descend(method, x1 + move.X1, x2 + move.X2)[^1]));
        int first = points.Count;
        while (first > 0 && IsAtFront(points[first - 1])) first--;
        return new ToyTrajectory(method, start, points, first < points.Count ? Math.Min(first * Interval, Steps) : null, moved);
    }

    private List<(double X1, double X2)> Descend(ToyMethod method, double x1, double x2)
    {
        var problem = new ToyProblem(FirstScale);
        var adam = new ToyAdam();
        IDescent descent = method.Create(Seed);
        double[] x = [x1, x2], losses = new double[2], gradients = new double[4], direction = new double[2];
        var points = new List<(double, double)> { (x1, x2) };
        for (int step = 0; step < Steps; step++)
        {
            problem.Evaluate(x[0], x[1], losses, gradients);
            Raise(method, losses);
            descent.Direct(step, losses, gradients, direction);
            adam.Step(x, direction);
            if (!double.IsFinite(x[0]) || !double.IsFinite(x[1]))
                throw new InvalidOperationException($"{method.Name} from ({x1}, {x2}) left the finite numbers in step {step}");
            problem.Measure(x[0], x[1], losses);
            Raise(method, losses);
            descent.AfterStep(losses);
            if ((step + 1) % Interval == 0 || step + 1 == Steps) points.Add((x[0], x[1]));
        }

        return points;
    }

    private void Raise(ToyMethod method, double[] losses)
    {
        if (!method.Shifted) return;
        losses[0] -= ToyMethod.LowerBound * FirstScale;
        losses[1] -= ToyMethod.LowerBound;
    }
}
