namespace MtlHybrid.Data;

/// <summary>Mean and population standard deviation of the present values of some rows.</summary>
/// <param name="Count">Values that are not NaN.</param>
/// <param name="Mean">NaN without values.</param>
/// <param name="Scale">Exactly 0 when all values are equal; NaN without values.</param>
internal readonly record struct Standardization(int Count, double Mean, double Scale)
{
    /// <param name="values">[rows of the table], NaN missing.</param>
    /// <param name="rows">The rows that count.</param>
    public static Standardization Of(ReadOnlySpan<double> values, ReadOnlySpan<int> rows)
    {
        int count = 0;
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (int row in rows)
        {
            if (double.IsNaN(values[row])) continue;
            count++;
            minimum = Math.Min(minimum, values[row]);
            maximum = Math.Max(maximum, values[row]);
        }
        if (count == 0) return new Standardization(0, double.NaN, double.NaN);
        if (minimum == maximum) return new Standardization(count, minimum, 0);

        // A power of two keeps sums and squares of huge or tiny values in range and rounds nothing.
        int exponent = Math.ILogB(Math.Max(Math.Abs(minimum), Math.Abs(maximum)));
        double mean = 0;
        foreach (int row in rows)
            if (!double.IsNaN(values[row])) mean += Math.ScaleB(values[row], -exponent);
        mean /= count;

        // The second sum would be 0 without rounding; it corrects the mean (two-pass algorithm with compensation).
        double squares = 0, deviations = 0;
        foreach (int row in rows)
        {
            if (double.IsNaN(values[row])) continue;
            double deviation = Math.ScaleB(values[row], -exponent) - mean;
            squares += deviation * deviation;
            deviations += deviation;
        }
        double correction = deviations / count;
        double variance = Math.Max(squares / count - correction * correction, 0);
        return new Standardization(count, Math.ScaleB(mean + correction, exponent), Math.ScaleB(Math.Sqrt(variance), exponent));
    }
}
