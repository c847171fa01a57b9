using MtlHybrid.Data;
using MtlHybrid.Pilot;
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

    /// <summary>Strategies that a pilot tests.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = new PilotOptions().Strategies;

    /// <summary>Whether a pilot adds joint training with equal time.</summary>
    public bool EqualTime { get; init; }

    /// <summary>The same in the words of the pilot.</summary>
    public PilotOptions ToPilotOptions() => new()
    {
        Training = Training,
        Seeds = PilotOptions.SeedsFrom(Training.Seed, Seeds),
        Strategies = Strategies,
        EqualTime = EqualTime,
    };
}
