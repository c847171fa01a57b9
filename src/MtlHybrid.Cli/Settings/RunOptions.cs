using MtlHybrid.Data;
using MtlHybrid.Pilot;
using MtlHybrid.Strategies;
using MtlHybrid.Training;

namespace MtlHybrid.Cli.Settings;

/// <summary>Everything a run of `mtl train` or `mtl pilot` depends on: the options that flags and config files fill.</summary>
internal sealed record RunOptions
{
    /// <summary>The table to learn from.</summary>
    public string? Data { get; init; }

    /// <summary>How the table is read.</summary>
    public DataOptions Table { get; init; } = new();

    /// <summary>How the network is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Number of seeds of a pilot, counted up from the seed of the training.</summary>
    public int Seeds { get; init; } = PilotOptions.DefaultSeeds;

    /// <summary>The one strategy of `mtl train`, or those that a pilot tests.</summary>
    public IReadOnlyList<StrategyOptions> Strategies { get; private init; } = [new TrainingOptions().Strategy];

    /// <summary>Whether a pilot adds joint training with equal time.</summary>
    public bool EqualTime { get; init; }

    /// <summary>The same with other strategies, the first of which is the one that trains.</summary>
    public RunOptions With(IReadOnlyList<StrategyOptions> strategies) => this with
    {
        Strategies = strategies,
        Training = strategies.Count > 0 ? Training with { Strategy = strategies[0] } : Training,
    };

    /// <summary>The same in the words of the pilot.</summary>
    public PilotOptions ToPilotOptions() => new()
    {
        Training = Training,
        Seeds = PilotOptions.SeedsFrom(Training.Seed, Seeds),
        Strategies = [.. Strategies.Select(strategy => strategy.Name)],
        StrategyOptions = Strategies,
        EqualTime = EqualTime,
    };
}
