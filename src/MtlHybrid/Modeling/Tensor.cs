namespace MtlHybrid.Modeling;

/// <summary>A symbolic matrix [batch, <see cref="Width"/>]: the output of one operation of a <see cref="ModelBuilder"/>.</summary>
public readonly record struct Tensor
{
    internal Tensor(ModelBuilder builder, int node, int width)
    {
        Builder = builder;
        Node = node;
        Width = width;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    internal ModelBuilder Builder { get; }

    internal int Node { get; }
}
