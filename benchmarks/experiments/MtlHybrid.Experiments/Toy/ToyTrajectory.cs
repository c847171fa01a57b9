namespace MtlHybrid.Experiments.Toy;

/// <summary>One method from one start.</summary>
/// <param name="Method">The method.</param>
/// <param name="Start">Index in <see cref="ToySetting.Starts"/>.</param>
/// <param name="Points">x1 and x2 every <see cref="ToySetting.Interval"/> steps, the start and the end included.</param>
/// <param name="Arrival">First of those steps from which on the run stays at the front; null when it does not end there.</param>
/// <param name="Moved">How many of the runs from starts moved a little end at the front.</param>
internal sealed record ToyTrajectory(ToyMethod Method, int Start, IReadOnlyList<(double X1, double X2)> Points, int? Arrival, int Moved)
{
    /// <summary>Within this distance a run is at the front: across the front it costs a loss 0.0004 of about 20.</summary>
    public const double AtFront = 0.2;

    /// <summary>The last point.</summary>
    public (double X1, double X2) End => Points[^1];

    /// <summary>Whether it ends at the front.</summary>
    public bool Reaches => Arrival is not null;

    /// <summary>Whether it ends in the middle half of the front.</summary>
    public bool IsBalanced => Reaches && Math.Abs(End.X1) <= 3.5;

    /// <summary>Whether it ends in the upper half, where the valleys are.</summary>
    public bool IsStuckAbove => End.X2 > 0;
}
