using System.Globalization;

namespace MtlHybrid.Reporting;

/// <summary>Colours of numbers in a table: blue above zero, orange below, in a few levels so that the page stays small.</summary>
internal static class HeatColour
{
    /// <summary>Levels on each side of zero.</summary>
    public const int Levels = 8;

    /// <summary>The style of a cell.</summary>
    /// <param name="value">The number.</param>
    /// <param name="largest">Where the colours end.</param>
    public static string Of(double value, double largest)
    {
        int level = Level(value, largest);
        string alpha = (0.65 * Math.Abs(level) / Levels).ToString("0.##", CultureInfo.InvariantCulture);
        return $"background:rgba(var(--{(level < 0 ? "neg" : "pos")}),{alpha})";
    }

    /// <summary>-Levels ... Levels; 0 for values that are not finite.</summary>
    public static int Level(double value, double largest)
    {
        if (!double.IsFinite(value) || !(largest > 0)) return 0;
        return (int)Math.Round(Math.Clamp(value / largest, -1, 1) * Levels);
    }
}
