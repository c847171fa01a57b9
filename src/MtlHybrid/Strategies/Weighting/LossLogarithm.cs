namespace MtlHybrid.Strategies.Weighting;

/// <summary>The logarithm of a loss, with a slope that stays finite: below <see cref="Floor"/>, also for losses that are zero or
/// negative, it goes on as its tangent there.</summary>
internal static class LossLogarithm
{
    /// <summary>A task whose loss is this small is solved to what single precision can tell.</summary>
    public const double Floor = 1e-8;

    public static double Value(double loss) => loss >= Floor ? Math.Log(loss) : Math.Log(Floor) + loss / Floor - 1;

    /// <summary>Derivative of <see cref="Value"/>: 1 / loss, at most 1 / <see cref="Floor"/>.</summary>
    public static double Slope(double loss) => 1 / Math.Max(loss, Floor);
}
