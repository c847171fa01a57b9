namespace MtlHybrid.Engine;

/// <summary>What a parameter tensor is to its node.</summary>
public enum ParameterRole
{
    /// <summary>Linear: [out, in]; layer norm: the scale [1, width].</summary>
    Weight = 0,

    /// <summary>Linear: [1, out]; layer norm: the shift [1, width].</summary>
    Bias = 1,

    /// <summary>Embedding: [categories, width].</summary>
    Table = 2,
}
