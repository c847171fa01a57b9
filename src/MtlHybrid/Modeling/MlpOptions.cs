namespace MtlHybrid.Modeling;

/// <summary>The shared-trunk multi-layer perceptron: hidden layers shared by all tasks, then one head per task.</summary>
public sealed record MlpOptions
{
    /// <summary>Widths of the trunk's hidden layers.</summary>
    /// <value>Each at least 1; may be empty (heads read the inputs). [128, 128] by default.</value>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>Widths of the hidden layers inside each head.</summary>
    /// <value>Each at least 1; empty (linear heads) by default.</value>
    public IReadOnlyList<int> HeadHidden { get; init; } = [];

    /// <summary>Activation after every hidden layer.</summary>
    /// <value>SiLU by default: smooth, and never worse than ReLU by much on the tables it was tried on.</value>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Normalisation between a hidden linear layer of the trunk and its activation.</summary>
    /// <value>None by default.</value>
    public NormalizationKind Normalization { get; init; } = NormalizationKind.None;

    /// <summary>Dropout after every hidden layer of the trunk.</summary>
    /// <value>In [0, 1); 0 by default.</value>
    public double Dropout { get; init; }

    /// <summary>Adds the layer's input to its output where both have one width.</summary>
    /// <value>Off by default.</value>
    public bool Residual { get; init; }

    /// <summary>Columns of the embedding of a categorical input; 0 chooses by the number of categories.</summary>
    /// <value>At least 0; 0 by default: min(16, (categories + 1) / 2).</value>
    public int EmbeddingWidth { get; init; }

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        foreach (int width in Hidden)
            InvalidOptionException.Require(width is >= 1 and <= 65536, nameof(Hidden), "widths between 1 and 65536", width);
        foreach (int width in HeadHidden)
            InvalidOptionException.Require(width is >= 1 and <= 65536, nameof(HeadHidden), "widths between 1 and 65536", width);
        InvalidOptionException.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        InvalidOptionException.Require(EmbeddingWidth is >= 0 and <= 65536, nameof(EmbeddingWidth), "between 0 and 65536", EmbeddingWidth);
        InvalidOptionException.Require(Enum.IsDefined(Activation), nameof(Activation), "a known activation", Activation);
        InvalidOptionException.Require(Enum.IsDefined(Normalization), nameof(Normalization), "a known normalisation", Normalization);
    }
}
