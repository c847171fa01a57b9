using System.Text.Json.Serialization;

namespace MtlHybrid.Modeling;

/// <summary>One operation of a <see cref="ModelGraph"/>; its output is a matrix [batch, <paramref name="Width"/>].</summary>
/// <param name="Width">Columns of the output.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(DenseInputNode), "dense_input")]
[JsonDerivedType(typeof(CategoricalInputNode), "categorical_input")]
[JsonDerivedType(typeof(LinearNode), "linear")]
[JsonDerivedType(typeof(ActivationNode), "activation")]
[JsonDerivedType(typeof(LayerNormNode), "layer_norm")]
[JsonDerivedType(typeof(DropoutNode), "dropout")]
[JsonDerivedType(typeof(EmbeddingNode), "embedding")]
[JsonDerivedType(typeof(ConcatenateNode), "concatenate")]
[JsonDerivedType(typeof(AddNode), "add")]
public abstract record GraphNode(int Width);

/// <summary>The dense inputs [batch, width].</summary>
public sealed record DenseInputNode(int Width) : GraphNode(Width);

/// <summary>The codes of the categorical inputs [batch, width]; only embeddings may read it.</summary>
public sealed record CategoricalInputNode(int Width) : GraphNode(Width);

/// <summary>y = x W^T + b with W [width, width of x]. Parameters <c>Name.weight</c> and <c>Name.bias</c>.</summary>
public sealed record LinearNode(int Width, int Input, bool Bias, int Owner, string Name) : GraphNode(Width);

/// <summary>An element-wise activation.</summary>
public sealed record ActivationNode(int Width, int Input, Activation Kind) : GraphNode(Width);

/// <summary>Normalises each row to mean 0 and variance 1, then scales and shifts. Parameters <c>Name.weight</c>,
/// <c>Name.bias</c>.</summary>
public sealed record LayerNormNode(int Width, int Input, double Epsilon, int Owner, string Name) : GraphNode(Width);

/// <summary>Dropout during training; identity otherwise.</summary>
public sealed record DropoutNode(int Width, int Input, double Probability) : GraphNode(Width);

/// <summary>Row <c>code</c> of a table [categories, width]. Parameter <c>Name.weight</c>.</summary>
public sealed record EmbeddingNode(int Width, int Input, int Column, int Categories, int Owner, string Name) : GraphNode(Width);

/// <summary>Joins nodes along the width.</summary>
public sealed record ConcatenateNode(int Width, IReadOnlyList<int> Inputs) : GraphNode(Width);

/// <summary>The element-wise sum of two nodes.</summary>
public sealed record AddNode(int Width, int Left, int Right) : GraphNode(Width);
