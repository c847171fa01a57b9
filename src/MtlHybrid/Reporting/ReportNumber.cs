using System.Globalization;
using MtlHybrid.Evaluation;

namespace MtlHybrid.Reporting;

/// <summary>How numbers are written in reports and tables.</summary>
internal static class ReportNumber
{
    /// <summary>What stands for a value that does not exist.</summary>
    public const string Absent = "n/a";

    /// <summary>Four significant digits: 12.35, 0.001235, 1,235,000.</summary>
    public static string Plain(double value)
    {
        if (!double.IsFinite(value)) return Absent;
        if (value == 0) return "0";
        int decimals = Decimals(value, 4);
        return decimals > 7
            ? value.ToString("0.###e+0", CultureInfo.InvariantCulture)
            : value.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }

    /// <summary>Mean and spread, with two significant digits of the spread: "12.35 ± 0.41".</summary>
    public static string MeanAndSpread(MeanAndSpread summary)
    {
        if (!double.IsFinite(summary.Mean)) return Absent;
        if (!(summary.StandardDeviation > 0)) return double.IsNaN(summary.StandardDeviation) ? Plain(summary.Mean) : Plain(summary.Mean) + " ± 0";
        int decimals = Math.Min(Decimals(summary.StandardDeviation, 2), Math.Max(Decimals(summary.Mean, 5), 0));
        if (decimals > 7) return Plain(summary.Mean) + " ± " + Plain(summary.StandardDeviation);
        string format = "N" + decimals;
        return summary.Mean.ToString(format, CultureInfo.InvariantCulture) + " ± " + summary.StandardDeviation.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>With its sign and two decimals: "+1.25".</summary>
    public static string Signed(double value) =>
        double.IsFinite(value) ? value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) : Absent;

    /// <summary>A count with thousands separators.</summary>
    public static string Count(double value) =>
        double.IsFinite(value) ? value.ToString("N0", CultureInfo.InvariantCulture) : Absent;

    /// <summary>A time for people: "0.8 s", "42 s", "3 min 20 s", "2 h 5 min".</summary>
    public static string Seconds(double seconds)
    {
        if (!double.IsFinite(seconds)) return Absent;
        if (seconds < 9.95) return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        long whole = (long)Math.Round(seconds);
        if (whole < 60) return $"{whole} s";
        if (whole < 3600) return $"{whole / 60} min {whole % 60} s";
        return $"{whole / 3600} h {whole % 3600 / 60} min";
    }

    /// <summary>Decimals that show this many significant digits, at least 0.</summary>
    private static int Decimals(double value, int significant)
    {
        if (value == 0) return 0;
        return Math.Max(0, significant - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
    }
}
