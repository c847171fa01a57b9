using System.Globalization;

namespace MtlHybrid.Benchmarks.Paired;

/// <summary>The command line of the paired mode.</summary>
/// <param name="Rounds">Timings of each side; medians count.</param>
/// <param name="SecondsPerTiming">Of steps, in one timing.</param>
internal sealed record PairedOptions(int Rounds, double SecondsPerTiming)
{
    public const string Flag = "--paired";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">Says which argument is wrong, and what was expected.</exception>
    public static PairedOptions Parse(string[] args)
    {
        int? rounds = null;
        bool quick = false;
        for (int i = 0; i < args.Length; ++i)
        {
            switch (args[i])
            {
                case Flag:
                    break;
                case "--quick":
                    quick = true;
                    break;
                case "--rounds":
                    string value = ++i < args.Length ? args[i] : "nothing";
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1)
                        throw new ArgumentException($"--rounds needs a number, at least 1; got {value}");
                    rounds = count;
                    break;
                default:
                    throw new ArgumentException($"unknown argument '{args[i]}'; {Flag} takes --rounds N and --quick");
            }
        }

        return quick ? new PairedOptions(rounds ?? 3, 0.1) : new PairedOptions(rounds ?? 7, 0.4);
    }
}
