using MtlHybrid.Strategies;
using MtlHybrid.Strategies.Aggregation;
using MtlHybrid.Strategies.Weighting;

namespace MtlHybrid.Experiments.Toy;

/// <summary>One strategy of the list as it is run on the problem.</summary>
/// <param name="Name">As on the command line; with the option, where one differs from its default.</param>
/// <param name="Options">The strategy.</param>
/// <param name="Shifted">It is written for losses above 0: it sees each loss raised by <see cref="LowerBound"/>, which changes no
/// gradient.</param>
internal sealed record ToyMethod(string Name, StrategyOptions Options, bool Shifted)
{
    /// <summary>Below the smallest value of the losses, which is -20 (times the scale of the loss); the value FAMO's authors take.</summary>
    public const double LowerBound = -21;

    // Every rule with a logarithm, a power or a ratio of losses.
    private static readonly string[] ForPositiveLosses = ["scale-invariant", "uw", "imtl-l", "dwa", "gls", "stch", "famo", "gradnorm", "db-mtl"];

    private static readonly (string Name, string Reason)[] Excluded =
    [
        ("selective", "alternates groups of tasks that have heads of their own; here there are none"),
        ("dtp", "its indicator reads losses of this size as 0 for both tasks all the time, which makes it joint"),
        ("krum", "needs three gradients at least"),
        ("trimmed-mean", "nothing can be trimmed from two gradients; it is their mean"),
    ];

    /// <summary>Every strategy of the list that applies, in its order, at its defaults; FAMO also as its authors ran it on this problem.</summary>
    public static IReadOnlyList<ToyMethod> All { get; } = [.. StrategyCatalog.All.SelectMany(Variants)];

    /// <summary>The strategies of the list that do not apply, and why.</summary>
    public static IEnumerable<(string Name, string Reason)> LeftOut =>
        Excluded.Where(entry => StrategyCatalog.All.Any(strategy => strategy.Name == entry.Name));

    /// <summary>A fresh run.</summary>
    /// <exception cref="InvalidOperationException">A kind of strategy that this program does not know.</exception>
    public IDescent Create(ulong seed) => Options switch
    {
        JointOptions => new JointDescent(),
        WeightingOptions options => new WeightedDescent(options, seed),
        GramAggregatorOptions options => AggregatedDescent.Of(options, seed),
        HalfBatchAggregatorOptions options => AggregatedDescent.Of(options, seed),
        MatrixAggregatorOptions options => AggregatedDescent.Of(options, seed),
        GradNormOptions options => AggregatedDescent.Of(options, seed),
        _ => throw new InvalidOperationException($"strategy {Name}: neither run on the toy problem nor among those left out"),
    };

    private static IEnumerable<ToyMethod> Variants(StrategyDescription strategy)
    {
        if (Excluded.Any(entry => entry.Name == strategy.Name)) yield break;
        yield return new ToyMethod(strategy.Name, strategy.Defaults, ForPositiveLosses.Contains(strategy.Name));
        // Its pull back to equal weights outweighs what changes on a problem without noise in one step of 0.001.
        if (strategy.Defaults is FamoOptions famo) yield return new ToyMethod($"{strategy.Name} gamma=0", famo with { Gamma = 0 }, Shifted: true);
    }
}
