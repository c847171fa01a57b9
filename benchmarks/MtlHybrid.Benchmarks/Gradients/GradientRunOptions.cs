using System.Globalization;

namespace MtlHybrid.Benchmarks.Gradients;

/// <summary>The command line of the gradients mode.</summary>
/// <param name="Folder">Where the results go; it is made.</param>
/// <param name="Rounds">Timings of each step; medians count.</param>
/// <param name="SecondsPerTiming">Of steps, in one timing.</param>
/// <param name="Batches">That the errors of estimates are taken over.</param>
internal sealed record GradientRunOptions(string Folder, int Rounds, double SecondsPerTiming, int Batches)
{
    public const string Flag = "--gradients";
    private const string Usage = $"{Flag} FOLDER [--rounds N] [--quick]";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">Says which argument is wrong, and what was expected.</exception>
    public static GradientRunOptions Parse(IReadOnlyList<string> args)
    {
        if (args.Count < 2 || args[0] != Flag || args[1].StartsWith("--", StringComparison.Ordinal))
            throw new ArgumentException($"usage: {Usage}");
        int? rounds = null;
        bool quick = false;
        for (int i = 2; i < args.Count; ++i)
        {
            switch (args[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--rounds":
                    string value = ++i < args.Count ? args[i] : "nothing";
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1)
                        throw new ArgumentException($"--rounds needs a number, at least 1; got {value}");
                    rounds = count;
                    break;
                default:
                    throw new ArgumentException($"unknown argument '{args[i]}'; usage: {Usage}");
            }
        }

        return quick
            ? new GradientRunOptions(args[1], rounds ?? 1, 0.005, Batches: 20)
            : new GradientRunOptions(args[1], rounds ?? 9, 0.1, Batches: 200);
    }
}
