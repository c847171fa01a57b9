namespace MtlHybrid.Modeling;

/// <summary>Normalisation between the layers of a trunk.</summary>
public enum NormalizationKind
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Layer normalisation after every hidden linear layer.</summary>
    Layer = 1,
}
