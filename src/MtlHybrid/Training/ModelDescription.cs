using MtlHybrid.Data;
using MtlHybrid.Modeling;

namespace MtlHybrid.Training;

/// <summary>Everything of a saved model besides its weights: the content of <c>model.json</c>.</summary>
internal sealed record ModelDescription
{
    /// <summary>The format this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The oldest format this library can read.</summary>
    public const int OldestReadable = 1;

    /// <summary>Version of the format the file is written in.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>A reader must know at least this version of the format.</summary>
    public required int ReadableFromVersion { get; init; }

    /// <summary>The oldest version that the writing library could still read.</summary>
    public required int OldestReadableVersion { get; init; }

    /// <summary>Version of the library that wrote the file.</summary>
    public required string Library { get; init; }

    /// <summary>The network.</summary>
    public required ModelGraph Graph { get; init; }

    /// <summary>Scalers, categories, tasks.</summary>
    public required EncoderDescription Encoder { get; init; }

    /// <summary>How the data were read.</summary>
    public required DataOptions Data { get; init; }
}
