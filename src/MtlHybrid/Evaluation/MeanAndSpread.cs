using System.Globalization;

namespace MtlHybrid.Evaluation;

/// <summary>Mean and spread of one number over repetitions, such as seeds.</summary>
/// <param name="Mean">Mean of the defined values; NaN without any.</param>
/// <param name="StandardDeviation">Standard deviation with divisor n - 1; NaN with fewer than two values.</param>
/// <param name="Count">Defined values.</param>
/// <param name="Undefined">Values that were NaN and are not in the mean.</param>
public readonly record struct MeanAndSpread(double Mean, double StandardDeviation, int Count, int Undefined)
{
    /// <summary>Mean and spread of some values; NaN stands for undefined.</summary>
    public static MeanAndSpread Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] all = [.. values];
        double[] defined = [.. all.Where(value => !double.IsNaN(value))];
        if (defined.Length == 0) return new MeanAndSpread(double.NaN, double.NaN, 0, all.Length);
        double mean = defined.Sum() / defined.Length;
        double deviation = defined.Length < 2
            ? double.NaN
            : Math.Sqrt(defined.Sum(value => (value - mean) * (value - mean)) / (defined.Length - 1));
        return new MeanAndSpread(mean, deviation, defined.Length, all.Length - defined.Length);
    }

    /// <summary>Standard error of the mean: the deviation divided by the root of the count.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <summary>As "0.412 ± 0.013"; the mean alone where there is no spread; "undefined" without a value.</summary>
    public override string ToString() => ToString("G4");

    /// <summary>The same with a numeric format for both numbers.</summary>
    public string ToString(string format)
    {
        if (Count == 0) return "undefined";
        string mean = Mean.ToString(format, CultureInfo.InvariantCulture);
        return double.IsNaN(StandardDeviation) ? mean : $"{mean} ± {StandardDeviation.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
