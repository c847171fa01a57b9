using MtlHybrid.Data;
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

    /// <summary>Number of seeds of a pilot.</summary>
    public int Seeds { get; init; } = 5;
}
