using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlHybrid.Pilot;

/// <summary>Everything a pilot found; the content of <c>pilot.json</c> (docs/pilot-json.md) and of the report.</summary>
public sealed record PilotResult
{
    /// <summary>Version of the JSON form that this code writes.</summary>
    public const int CurrentSchema = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = false,
        Converters = { new NonFiniteAsNull(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Version of the JSON form.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>False when the pilot was cancelled before every contestant had run with every seed.</summary>
    public required bool Complete { get; init; }

    /// <summary>What was run.</summary>
    public required PilotSetting Setting { get; init; }

    /// <summary>The tasks, in task order.</summary>
    public required IReadOnlyList<PilotTask> Tasks { get; init; }

    /// <summary>Baselines first, then the candidates.</summary>
    public required IReadOnlyList<PilotContestant> Contestants { get; init; }

    /// <summary>Every candidate against every baseline.</summary>
    public required IReadOnlyList<PairedComparison> Comparisons { get; init; }

    /// <summary>The outcome in plain words.</summary>
    public required PilotVerdict Verdict { get; init; }

    /// <summary>Remarks and warnings, about the data and about the runs.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The contestant with this id, or null when it did not take part.</summary>
    public PilotContestant? Find(string id) => Contestants.FirstOrDefault(contestant => contestant.Id == id);

    /// <summary>The result as JSON; numbers that are not finite become null.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="MtlException">Not such a file, or written by a newer version.</exception>
    public static PilotResult FromJson(string json)
    {
        PilotResult? result;
        try
        {
            result = JsonSerializer.Deserialize<PilotResult>(json, Json);
        }
        catch (JsonException e)
        {
            throw new MtlException($"not the result of a pilot: {e.Message}", e);
        }

        if (result is null) throw new MtlException("not the result of a pilot: null");
        if (result.Schema > CurrentSchema)
            throw new MtlException($"the pilot's result has form {result.Schema}; this version reads up to {CurrentSchema}");
        return result;
    }
}
