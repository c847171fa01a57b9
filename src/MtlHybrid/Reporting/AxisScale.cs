namespace MtlHybrid.Reporting;

/// <summary>Maps values to 0 ... 1 along an axis, linear or logarithmic, with ticks at round values.</summary>
internal sealed class AxisScale
{
    private readonly bool _logarithmic;
    private readonly double _low;
    private readonly double _high;

    private AxisScale(double low, double high, bool logarithmic, double[] ticks)
    {
        _logarithmic = logarithmic;
        _low = Transform(low);
        _high = Transform(high);
        Ticks = ticks;
    }

    /// <summary>Values to label, ascending, all inside the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high end; values outside are clipped to the ends.</summary>
    public double Position(double value) => Math.Clamp((Transform(value) - _low) / (_high - _low), 0, 1);

    /// <summary>A linear axis that covers the values.</summary>
    /// <param name="values">Values to cover; those that are not finite are ignored.</param>
    /// <param name="ticks">About how many ticks.</param>
    public static AxisScale Linear(IEnumerable<double> values, int ticks)
    {
        (double low, double high) = Range(values);
        double step = RoundStep((high - low) / ticks);
        double first = Math.Floor(low / step) * step;
        double last = Math.Ceiling(high / step) * step;
        int count = (int)Math.Round((last - first) / step);
        return new AxisScale(first, last, logarithmic: false, [.. Enumerable.Range(0, count + 1).Select(i => first + i * step)]);
    }

    /// <summary>A logarithmic axis if all values are positive and span a factor of at least 8, else a linear one.</summary>
    public static AxisScale ForLosses(IEnumerable<double> values, int ticks)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0 || finite.Min() <= 0 || finite.Max() / finite.Min() < 8) return Linear(finite, ticks);
        double low = finite.Min(), high = finite.Max();
        double[] mantissas = high / low < 300 ? [1, 2, 5] : [1];
        int firstDecade = (int)Math.Floor(Math.Log10(low)), lastDecade = (int)Math.Ceiling(Math.Log10(high));
        double[] round = [.. from decade in Enumerable.Range(firstDecade, lastDecade - firstDecade + 1)
            from mantissa in mantissas
            let tick = mantissa * Math.Pow(10, decade)
            where tick >= low && tick <= high
            select tick];
        int every = Math.Max(1, (round.Length + ticks) / (ticks + 1));
        return new AxisScale(low, high, logarithmic: true, [.. round.Where((_, i) => i % every == 0)]);
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high) return (0, 1);
        if (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))) return (low, high);
        double margin = low == 0 ? 1 : Math.Abs(low) * 0.1;
        return (low - margin, high + margin);
    }

    /// <summary>1, 2 or 5 times a power of ten, at least the given step.</summary>
    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double mantissa = step / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    private double Transform(double value) => _logarithmic ? Math.Log10(value) : value;
}
