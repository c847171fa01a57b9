using System.Text.Json;

namespace MtlHybrid.Pilot;

/// <summary>What was run.</summary>
public sealed record PilotSetting
{
    /// <summary>Where the data came from: a path, or words.</summary>
    public required string Source { get; init; }

    /// <summary>Rows of the data.</summary>
    public required int Rows { get; init; }

    /// <summary>Input columns of the data.</summary>
    public required int Inputs { get; init; }

    /// <summary>How rows were split into training, validation and test.</summary>
    public required string Split { get; init; }

    /// <summary>Whether every seed drew its own split (false for a split by order, which has no chance in it).</summary>
    public required bool SplitVaries { get; init; }

    /// <summary>Training rows of the first seed's split.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Validation rows of the first seed's split.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Test rows of the first seed's split.</summary>
    public required int TestRows { get; init; }

    /// <summary>The seeds asked for.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>The training options all contestants share, as JSON.</summary>
    public required JsonElement Training { get; init; }

    /// <summary>The machine.</summary>
    public required PilotMachine Machine { get; init; }

    /// <summary>When the pilot started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took, seconds.</summary>
    public required double Seconds { get; init; }
}
