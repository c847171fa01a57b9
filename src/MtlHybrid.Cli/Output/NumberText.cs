namespace MtlHybrid.Cli.Output;

/// <summary>Numbers for people.</summary>
internal static class NumberText
{
    /// <summary>Four significant digits, as "0.1234", "1235", "1.2e-07"; "-" for NaN.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "-";
        double size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            < 1e-4 or >= 1e7 => value.ToString("0.###e+00"),
            < 1 => value.ToString("0.0000"),
            < 10 => value.ToString("0.000"),
            < 100 => value.ToString("0.00"),
            < 1000 => value.ToString("0.0"),
            _ => value.ToString("0"),
        };
    }

    /// <summary>As "42s", "3m 05s", "2h 07m".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => $"{time.TotalSeconds:0.0}s",
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0}s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes}m {time.Seconds:00}s",
        _ => $"{(int)time.TotalHours}h {time.Minutes:00}m",
    };

    /// <summary>As "1 epoch", "3 batches".</summary>
    public static string Count(long number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}{(thing.EndsWith("ch", StringComparison.Ordinal) && thing != "epoch" ? "es" : "s")}";

    /// <summary>For JSON, which knows no NaN: null there.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
