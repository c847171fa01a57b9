namespace MtlHybrid.Strategies;

/// <summary>The list of strategies: a new one is one class, its options, and one line here and on
/// <see cref="StrategyOptions"/>.</summary>
public static class StrategyCatalog
{
    internal const string Joint = "joint";
    internal const string Selective = "selective";

    private static readonly StrategyOptions[] Defaults =
    [
        new JointOptions(),
        new SelectiveOptions(),
    ];

    /// <summary>Every strategy, in the order people are shown.</summary>
    public static IReadOnlyList<StrategyDescription> All { get; } = [.. Defaults.Select(options => options.Describe())];

    /// <summary>The entry of a name.</summary>
    /// <exception cref="InvalidOptionException">The name is unknown; the message lists the known ones.</exception>
    public static StrategyDescription Find(string name) =>
        All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOptionException("Strategy", $"one of {string.Join(", ", All.Select(entry => entry.Name))}", name);
}
