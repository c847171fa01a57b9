using MtlHybrid.Strategies;
using MtlHybrid.Training;

namespace MtlHybrid.Pilot;

/// <summary>What a pilot compares; serialises to JSON as it is.</summary>
public sealed record PilotOptions
{
    /// <summary>Seeds of a pilot when nothing else is said.</summary>
    public const int DefaultSeeds = 5;

    /// <summary>The training options that all contestants share. <see cref="TrainingOptions.Strategy"/> gives the options of the
    /// method of that name; see <see cref="StrategyOptions"/> for more. <see cref="TrainingOptions.Seed"/> is not used.</summary>
    /// <value>No step or time budget and no initial weights: the pilot sets budgets itself, and single-task networks have
    /// other shapes. The split must have a test part.</value>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The seeds; each decides its own split, initial weights and order of rows, the same for all contestants.</summary>
    /// <value>At least one, all different; 0 to 4 by default.</value>
    public IReadOnlyList<ulong> Seeds { get; init; } = SeedsFrom(0, DefaultSeeds);

    /// <summary>Names of the strategies to compare with single-task networks and joint training.</summary>
    /// <value>Names from <see cref="StrategyCatalog"/>, all different; "selective" by default. Joint training always takes part.</value>
    public IReadOnlyList<string> Strategies { get; init; } = ["selective"];

    /// <summary>Options of strategies; those that are not among them run with their defaults.</summary>
    /// <value>At most one of each name; empty by default.</value>
    public IReadOnlyList<StrategyOptions> StrategyOptions { get; init; } = [];

    /// <summary>Adds joint training with as much wall time as the slowest strategy had. Such a run cannot be repeated bit by bit.</summary>
    /// <value>Off by default.</value>
    public bool EqualTime { get; init; }

    /// <summary>Consecutive seeds.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <exception cref="InvalidOptionException">The count is below 1.</exception>
    public static IReadOnlyList<ulong> SeedsFrom(ulong first, int count)
    {
        InvalidOptionException.Require(count is >= 1 and <= 1000, nameof(Seeds), "between 1 and 1000 seeds", count);
        return [.. Enumerable.Range(0, count).Select(i => unchecked(first + (ulong)i))];
    }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        Training.Validate();
        InvalidOptionException.Require(Seeds.Count >= 1, nameof(Seeds), "at least one seed", "none");
        InvalidOptionException.Require(Seeds.Distinct().Count() == Seeds.Count, nameof(Seeds), "all different", string.Join(", ", Seeds));
        string[] names = [.. Strategies.Select(name => StrategyCatalog.Find(name).Name)];
        InvalidOptionException.Require(names.Distinct().Count() == names.Length, nameof(Strategies), "all different", string.Join(", ", names));
        foreach (StrategyOptions strategy in StrategyOptions) strategy.Validate();
        string[] given = [.. StrategyOptions.Select(strategy => strategy.Name)];
        InvalidOptionException.Require(
            given.Distinct().Count() == given.Length, nameof(StrategyOptions), "of different strategies", string.Join(", ", given));
        InvalidOptionException.Require(Training.Split.TestFraction > 0, nameof(Training.Split.TestFraction),
            "above 0 for a pilot, which compares on the test part", Training.Split.TestFraction);
        const string Own = "empty for a pilot, which sets the budgets of its contestants itself";
        InvalidOptionException.Require(Training.OptimizerStepBudget is null, nameof(Training.OptimizerStepBudget), Own, Training.OptimizerStepBudget);
        InvalidOptionException.Require(Training.TimeBudget is null, nameof(Training.TimeBudget), Own, Training.TimeBudget);
        InvalidOptionException.Require(Training.InitialWeights is null, nameof(Training.InitialWeights),
            "empty for a pilot: single-task networks have other shapes", Training.InitialWeights);
    }
}
